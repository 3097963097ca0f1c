/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kill(2), tkill(2), tgkill(2), rt_sigqueueinfo(2), pidfd_send_signal(2).
 *
 * Within the tree the kernel sends, where its Landlock scopes signals; else
 * the monitor sends, to the process that was looked at and no other. Signals
 * out of the tree need scope.signal on the target.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "task/descriptor.h"
#include "task/memory.h"
#include "task/tree.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

/* What is open of the one target, if it is one. */
struct sending {
	int pidfd; /* owned */
};

/* The signal is the last of the identifying arguments of each call. */
static int signal_number(const struct notif *notif)
{
	const bool thread_of = notif->call->number == SYS_tgkill ||
			       notif->call->number == SYS_rt_tgsigqueueinfo;

	return (int)notif->data.args[thread_of ? 2 : 1];
}

/* The process that the numbers of the call mean, as we call it. */
static pid_t target_process(const struct notif *notif)
{
	const pid_t number = (pid_t)notif->data.args[0];

	/* No process has such a number, and it must not be taken for errno. */
	if (number <= 0)
		return notif->call->number == SYS_rt_sigqueueinfo ? -ESRCH
								  : -EINVAL;
	/* Where numbers are others, a thread is looked for in its process; so
	 * tkill, which does not say which, reaches only the caller's own. */
	if (notif->call->number == SYS_tkill)
		return tree_tgid(notif->foreign_pids ? notif->tid : number);
	return notif->foreign_pids
		       ? tree_translate(notif->tid, number, 0, notif->monitor)
		       : number;
}

/* Returns: a pidfd, or a negative errno. */
static int open_target(const struct notif *notif)
{
	pid_t target;
	int pidfd;

	if (notif->call->number == SYS_pidfd_send_signal)
		return descriptor_copy(notif->tid, (int)notif->data.args[0]);
	target = target_process(notif);
	if (target < 0)
		return target;
	pidfd = (int)syscall(SYS_pidfd_open, target, 0);
	return pidfd < 0 ? -errno : pidfd;
}

static bool is_group(const struct notif *notif)
{
	return notif->call->number == SYS_kill && (int)notif->data.args[0] <= 0;
}

static int gather(struct notif *notif)
{
	struct sending *sending = notif_keep(notif, struct sending);

	sending->pidfd = -1;
	notif->exposed = RIGHT_SCOPE_SIGNAL;
	/* In a namespace of the tree's own every number means one of it. */
	if (notif->foreign_pids && tree_holds_signals(notif->tree))
		return STEP_NATIVE;
	if (is_group(notif))
		return notif->foreign_pids && (int)notif->data.args[0] ? -EPERM
								       : 0;
	sending->pidfd = open_target(notif);
	return sending->pidfd < 0 ? fd_take(&sending->pidfd) : 0;
}

/* Whether a process of the tree is one that kill(2) with this number means. */
static bool is_meant(pid_t pid, int target, pid_t own_group)
{
	if (target == -1)
		return true;
	return getpgid(pid) == (target == 0 ? own_group : -target);
}

struct volley {
	const struct notif *notif;
	pid_t own, own_group;
	unsigned int hits;
};

static void hit(pid_t pid, void *userdata)
{
	struct volley *volley = userdata;
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	/* "All" are all others. */
	if (pidfd < 0 ||
	    (pid == volley->own && (int)volley->notif->data.args[0] == -1) ||
	    !is_meant(pid, (int)volley->notif->data.args[0],
		      volley->own_group) ||
	    !tree_supervised(pid, volley->notif->monitor))
		return;
	if (!syscall(SYS_pidfd_send_signal, pidfd, signal_number(volley->notif),
		     NULL, 0))
		volley->hits++;
}

/* The target's number, as long as it is there. */
static pid_t target_pid(const struct notif *notif)
{
	const struct sending *sending = notif->private;

	return tree_of_pidfd(sending->pidfd);
}

static int resolve(struct notif *notif)
{
	struct object object = {.type = OBJECT_PROCESS};

	/* A group: those outside the tree are left out, as Landlock does. */
	if (is_group(notif))
		return tree_holds_signals(notif->tree) ? STEP_NATIVE
						       : STEP_PERFORM;
	object.pid = target_pid(notif);
	if (object.pid <= 0)
		return -ESRCH;
	if (tree_supervised(object.pid, notif->monitor))
		return tree_holds_signals(notif->tree) ? STEP_NATIVE
						       : STEP_PERFORM;
	/* Nobody has a say over those who decide for him. */
	if (tree_supervises(object.pid, notif->monitor))
		return notif_fail(notif, -EPERM);
	notif_need(notif, &object, RIGHT_SCOPE_SIGNAL);
	return STEP_JUDGE;
}

static int perform_group(const struct notif *notif)
{
	const pid_t own = tree_tgid(notif->tid);
	struct volley volley = {
		.notif = notif,
		.own = own,
		.own_group = getpgid(own),
	};

	tree_each(notif->monitor, hit, &volley);
	return volley.hits ? 0 : -ESRCH;
}

/* Before Linux 6.9 threads have only numbers, which the kernel looks up in the
 * process of a number: both may have passed to others by then. */
static int send_to_number(const struct notif *notif, pid_t process,
			  pid_t thread)
{
	return syscall(SYS_tgkill, process, thread, signal_number(notif)) < 0
		       ? -errno
		       : 0;
}

/* To what is open: a thread of the process that was looked at, which is still
 * there. */
static int send_to_thread(const struct notif *notif, pid_t process)
{
	pid_t thread = (pid_t)notif->data
			       .args[notif->call->number == SYS_tkill ? 0 : 1];
	_cleanup_fd_ int pidfd = -1;

	if (notif->foreign_pids)
		thread = tree_translate(notif->tid, thread, process,
					notif->monitor);
	if (thread < 0)
		return thread;
	pidfd = (int)syscall(SYS_pidfd_open, thread, PIDFD_THREAD);
	if (pidfd < 0)
		return errno == EINVAL ? send_to_number(notif, process, thread)
				       : -errno;
	if (tree_tgid(thread) != process || target_pid(notif) != process)
		return -ESRCH;
	return syscall(SYS_pidfd_send_signal, pidfd, signal_number(notif), NULL,
		       0) < 0
		       ? -errno
		       : 0;
}

static int perform(struct notif *notif)
{
	const struct sending *sending = notif->private;
	siginfo_t info;
	siginfo_t *with = NULL;

	if (is_group(notif))
		return perform_group(notif);
	if (notif->call->number == SYS_tkill ||
	    notif->call->number == SYS_tgkill)
		return send_to_thread(notif, target_pid(notif));
	if (notif->call->number == SYS_rt_sigqueueinfo ||
	    (notif->call->number == SYS_pidfd_send_signal &&
	     notif->data.args[2])) {
		if (memory_read(notif->tid, notif->data.args[2], &info,
				sizeof(info)))
			return -EFAULT;
		with = &info;
	}
	return syscall(SYS_pidfd_send_signal, sending->pidfd,
		       signal_number(notif), with, 0) < 0
		       ? -errno
		       : 0;
}

/* For the page of the program's memory that says what comes with it. */
static bool blocks(const struct notif *notif)
{
	return notif->careful && !is_group(notif) &&
	       (notif->call->number == SYS_rt_sigqueueinfo ||
		notif->call->number == SYS_pidfd_send_signal);
}

static void release(struct notif *notif)
{
	struct sending *sending = notif->private;

	sending->pidfd = fd_close(sending->pidfd);
}

const struct operation operation_signal = {
	.rights = "scope.signal",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.blocks = blocks,
	.release = release,
};
