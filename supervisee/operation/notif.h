/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A notif: one system call of a supervised thread that waits for us.
 *
 * Its life: gather (what the arguments point to is read once), resolve (the
 * objects are pinned and the rights that are needed named), judge, and then
 * one of: native (the kernel runs the call and checks it again), perform (the
 * monitor runs it on the pinned objects), refuse, or ask and come back.
 */
#pragma once

#include <limits.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "core/object.h"
#include "core/right.h"
#include "engine/accesses.h"
#include "path/lookup_base.h"
#include "path/pin.h"
#include "task/identity.h"

struct call;
struct thread_source;
struct ipc_set;
struct notif;

/* Of a call that the kernel may never run by itself. */
#define RIGHTS_NEVER_HELD (~(rights_t)0)

/* See operation.kernel_asks. */
#define RIGHTS_ALL (~(rights_t)0)

/* What the kernel asks about when somebody is connected to, or sent to. */
#define RIGHTS_TO_PEERS \
	(RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX | RIGHT_SCOPE_PATHNAME_UNIX_SOCKET)

/* Outcomes of gather and resolve; negative values are the call's errno. */
enum step {
	STEP_JUDGE = 0, /* go on */
	STEP_NATIVE,	/* nothing to decide; the kernel may run the call */
	STEP_PERFORM,	/* nothing to decide, but the kernel must not read the
			 * arguments again: perform */
	STEP_AGAIN,	/* names have changed in between: resolve again */
	STEP_ANEW,	/* retry in a fresh helper process: this one has changed
			 * its own state (only perform, with use_extra set) */
	STEP_WAIT,	/* it would block: retry in a worker, where may_wait is
			 * set */
};

struct operation {
	/* Which rights it is judged by, for landlord-coverage(7). */
	const char *rights;

	/*
	 * Those that a kernel whose Landlock has supervisors asks about itself
	 * when it runs the call; RIGHTS_ALL: there it needs no notif.
	 */
	rights_t kernel_asks;

	/*
	 * Reads arguments, memory and descriptors, with the monitor's own
	 * rights. Sets notif->exposed.
	 */
	int (*gather)(struct notif *notif);

	/* Pins the objects and names the needs, as the target. */
	int (*resolve)(struct notif *notif);

	/*
	 * Finds out what does not leave the domain and so needs less (NULL:
	 * nothing). It is slow: it is only called where a call would not be
	 * allowed otherwise. Returns: whether less is needed now.
	 */
	bool (*narrow)(struct notif *notif);

	/*
	 * Whether the call would fail anyway, checked as the target, so that
	 * nobody is asked in vain (NULL: resolve has found out). Not called
	 * where the kernel will check the same again.
	 */
	int (*check)(const struct notif *notif);

	/*
	 * Runs the call on what is pinned, as the target.
	 * Returns: 0 (the result is in notif->value or notif->result_fd),
	 * STEP_AGAIN, STEP_WAIT, or a negative errno.
	 */
	int (*perform)(struct notif *notif);

	/*
	 * Whether perform may wait for somebody else and cannot tell before
	 * (NULL: never; it may still find out, see STEP_WAIT).
	 */
	bool (*blocks)(const struct notif *notif);

	/* Releases what notif->private owns (NULL: nothing); not called where
	 * nothing was kept. */
	void (*release)(struct notif *notif);

	bool uses_umask;

	/* Its resolve can do with a fast lookup: see notif.looked_up_fast. */
	bool looks_up_fast;

	/*
	 * Moves what pins[0] names to pins[1]: where its kind matters, in a
	 * process of its own, where notif->use_extra is true.
	 */
	bool moves;

	/* Makes what pins[0] names, where that is not there, and hands it over
	 * in notif->result_fd if that is what it does. */
	bool makes;

	/* Takes the name from what pins[0] is. */
	bool removes;

	/* A marked call may pass the filter: see seccomp/marker.h. */
	bool direct;

	/* Whether it is redirected instead (see exec_redirect.h); NULL: never.
	 */
	bool (*redirected)(const struct notif *notif);
};

/* What is true of every notif of a tree. */
struct tree_facts {
	rights_t held;	     /* what Landlock checks on this kernel */
	bool open_devices;   /* what it opens may be one, with ioctl */
	bool datagrams;	     /* the tree may have datagram sockets */
	bool shared_tables;  /* processes may share descriptors without being
			      * threads of each other */
	uint64_t taken;	     /* capabilities, when it was started */
	struct ipc_set *ipc; /* System V objects that it has made */
	/* Canonical path of the supervisors' own socket; NULL: none. */
	const char *control_socket;
};

/* Who makes a call that is allowed. */
enum maker {
	/* The kernel, where it would check all of it again; else the monitor.
	 */
	MAKER_ANY,
	/* Only the kernel may: it shows what the monitor may see and the
	 * program may not. */
	MAKER_KERNEL,
	/* The kernel: all that matters is in registers, which nobody can
	 * exchange. There is no perform. */
	MAKER_REGISTERS,
	/* The kernel, once result_fd has replaced descriptor argument 0. */
	MAKER_EXCHANGE,
	/* Nobody: it is no connection, but a call for the tree's supervisor. */
	MAKER_SUPERVISOR,
};

/* Whether Landlock keeps signals in the tree. */
static inline bool tree_holds_signals(const struct tree_facts *tree)
{
	return tree->held & RIGHT_SCOPE_SIGNAL;
}

/* Whether Landlock keeps the ioctl(2) of devices apart. */
static inline bool tree_holds_ioctl(const struct tree_facts *tree)
{
	return tree->held & RIGHT_FS_IOCTL_DEV;
}

/* Room for what one operation keeps. */
#define NOTIF_KEPT_MAX 4224

struct notif {
	/* What the kernel said. */
	uint64_t id;
	pid_t tid; /* the target's as long as the id is valid */
	struct seccomp_data data;
	const struct call *call;

	/* What the engine knows. */
	const struct tree_facts *tree;
	pid_t monitor; /* the ancestor of its domain, which is alive */
	struct thread_source *source; /* not in a worker; NULL: none */
	bool may_look_up_fast;	      /* at a path: it is most likely native */
	bool careful;		      /* its memory may have to be waited for */
	bool foreign_pids; /* its numbers of processes are not ours */

	/* What the operation keeps: see notif_keep(). */
	void *private;

	/* gather */
	bool foreign_root;
	/* What is known comes from a fast lookup (see fast_lookup.h), and is good
	 * only for letting the kernel run the call. */
	bool looked_up_fast;
	uint64_t flags;
	uint64_t resolve_flags; /* openat2(2) */
	mode_t mode;
	mode_t umask;
	struct lookup_base bases[2];
	/* Every right that the call could use if its arguments changed. */
	rights_t exposed;

	/* resolve */
	/* What is wrong with the second path, which counts after the first. */
	int late_error;
	/* The error is the kernel's own, which Landlock's would hide. */
	bool exact;
	enum maker maker;
	/* A device that is opened out of the domain, where Landlock would keep
	 * ioctl(2) from what is opened in it. */
	bool opens_device;
	/* Makes a socket that can send to any address, or one through which
	 * somebody could hand such a socket to the tree. */
	bool makes_datagrams;
	/* The step runs in a worker, where it keeps nobody else waiting. */
	bool may_wait;

	/* perform */
	bool use_extra;
	struct identity_extra extra; /* descriptors in it are owned */
	int fd; /* a copy of the descriptor it is about; -1: none; owned */
	union {
		struct sockaddr generic;
		struct sockaddr_storage storage;
		struct sockaddr_un un;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} address; /* as read once */
	socklen_t address_length;
	int64_t value; /* that the call returns */
	int raises;    /* a signal that comes with the error; 0: none */
	int result_fd; /* to be installed; -1: none; owned */

	/*
	 * notif_init() makes all above zero, but only the beginnings of these:
	 * 30 kB that are written before they are read.
	 */
	char paths[2][PATH_MAX]; /* the program's, unresolved */
	struct pin pins[2];
	struct accesses accesses; /* paths in it are the pins' */
	_Alignas(max_align_t) unsigned char kept[NOTIF_KEPT_MAX];
};

/* Argument number @index of the call; @otherwise when @index is negative. */
uint64_t notif_argument(const struct notif *notif, int index,
			uint64_t otherwise);

/*
 * Reads the path of argument @index and opens where it starts.
 * Returns: 0 or the negative errno that the call deserves.
 */
int notif_gather_path(struct notif *notif, unsigned int which, int path_index,
		      int dirfd_index);

/*
 * The same for both paths of a call that has two. What is wrong with the second
 * alone counts later: see late_error.
 */
int notif_gather_paths(struct notif *notif);

/*
 * Opens where the first path starts, which a fast lookup did not need.
 * Returns: 0 or the negative errno that the call deserves.
 */
int notif_settle(struct notif *notif);

/*
 * Reads a socket address and copies the socket of argument 0.
 * Returns: 0 or the negative errno that the call deserves.
 */
int notif_gather_socket(struct notif *notif, int address_index,
			int length_index);

/* Adds a need on the path of a pin. */
void notif_need_path(struct notif *notif, const struct pin *pin,
		     rights_t rights);

/* Adds a need on another object; its bytes, if any, must outlive the notif. */
void notif_need(struct notif *notif, const struct object *object,
		rights_t rights);

/* Makes a notif empty: nothing open, nothing needed. */
void notif_init(struct notif *notif);

/*
 * Begins what an operation keeps of a call until it ends: a struct of its own,
 * all zero, in notif->private, which is NULL before. Call it in gather.
 */
#define notif_keep(notif, type)                                        \
	((type *)notif_keep_bytes(                                     \
		(notif), sizeof(struct {                               \
			_Static_assert(sizeof(type) <= NOTIF_KEPT_MAX, \
				       "see NOTIF_KEPT_MAX");          \
			type kept;                                     \
		})))
void *notif_keep_bytes(struct notif *notif, size_t size);

/*
 * Copies a descriptor of the target's to notif->fd; while arguments are gathered.
 * Returns: 0 or a negative errno.
 */
int notif_copy_fd(struct notif *notif, int fd);

/* An error that the kernel must not be asked about again. Returns: it. */
int notif_fail(struct notif *notif, int error);

/*
 * What resolve did is undone, so that it can be done again; what was kept
 * stays.
 */
void notif_forget(struct notif *notif);

/* Releases everything the notif holds. */
void notif_release(struct notif *notif);
