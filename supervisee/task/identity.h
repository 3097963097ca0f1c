/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Acting as a supervised thread: with the credentials, root and limits that
 * it has at this moment, never with more.
 *
 * A thread of a tree that has not touched its identity since it was started
 * has the monitor's own, and the step simply runs. The system calls that
 * change identity are notified only so that we learn of it (see
 * operation/call.h); from then on the identity of each target is read from proc(5), and
 * a step for a foreign one runs in a short-lived process that shares the
 * monitor's memory and descriptors and has taken on that identity.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define IDENTITY_GROUPS_MAX 65536 /* NGROUPS_MAX, the kernel's own */

struct thread_source;

struct identity {
	uid_t uid, euid, suid, fsuid;
	gid_t gid, egid, sgid, fsgid;
	gid_t *groups; /* owned */
	size_t groups_count;
	uint64_t effective, permitted; /* capability sets */
	uint64_t user_namespace;       /* inode of /proc/PID/ns/user */
};

/*
 * Reads the identity of a thread from proc(5); identity_finish() releases it.
 * Returns: 0, -ESRCH, -E2BIG for more groups than IDENTITY_GROUPS_MAX, ...
 */
int identity_read(struct identity *ret, pid_t tid);

/*
 * The same from the text of /proc/TID/status; the namespace is not in it.
 * Returns: 0, -EPROTO, -E2BIG or -ENOMEM.
 */
int identity_parse(struct identity *ret, const char *text);

/* Takes one that was never read, if it is all zero. */
void identity_finish(struct identity *identity);
#define _cleanup_identity_ __attribute__((cleanup(identity_finish)))

bool identity_equal(const struct identity *a, const struct identity *b);

/* What a step needs beside the credentials. */
struct identity_extra {
	/* The target's own Landlock rulesets (see confinement.h); borrowed. */
	const int *rulesets;
	size_t rulesets_count;
	int ruleset_fd;	   /* one more, or -1 */
	int64_t file_size; /* RLIMIT_FSIZE to impose, or -1 */
	int cwd;	   /* descriptor to fchdir() to, or -1 */
};

/*
 * Runs a step as somebody else, in a process that shares memory and
 * descriptors with the caller, which waits for it: what the step stores and
 * opens is the caller's.
 * @self: the caller's own identity
 * @tid: the thread that is acted for (its user namespace is entered)
 * @extra: NULL for none
 * @acting: the number of that process while there is one, else 0; for another
 * thread, which may have to interrupt it
 * Returns: what the step returns, or a negative errno when the identity
 * cannot be taken on: then the step did not run.
 */
int identity_run(const struct identity *self, const struct identity *other,
		 pid_t tid, const struct identity_extra *extra, pid_t *acting,
		 int (*step)(void *argument), void *argument);

/*
 * The umask of a thread. Returns: the mask, or a negative errno.
 */
int identity_umask(struct thread_source *source, pid_t tid);
