// SPDX-License-Identifier: GPL-2.0-or-later
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
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "operation/socket.h"
#include "task/memory.h"
#include "task/tree.h"

/* The signal is the last of the identifying arguments of each call. */
static int signal_number(const struct trap *trap)
{
	const bool thread_of = trap->call->number == SYS_tgkill ||
			       trap->call->number == SYS_rt_tgsigqueueinfo;

	return (int)trap->data.args[thread_of ? 2 : 1];
}

/* The process that a pidfd refers to; 0 when it is none. */
static pid_t process_of(int pidfd)
{
	char path[64], line[128];
	int pid = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "Pid: %d", &pid) == 1)
			break;
	if (info)
		fclose(info);
	return pid;
}

/* Opens the one target; trap->socket holds it. */
static int open_target(struct trap *trap)
{
	const pid_t target = (pid_t)trap->data.args[0];

	if (trap->call->number == SYS_pidfd_send_signal)
		trap->socket = socket_copy(trap->tid, (int)target);
	else
		trap->socket = (int)syscall(SYS_pidfd_open,
					    trap->call->number == SYS_tkill
						    ? tree_tgid(target)
						    : target,
					    0);
	if (trap->socket < 0)
		return trap->call->number == SYS_pidfd_send_signal
			       ? fd_take(&trap->socket)
			       : -errno;
	return 0;
}

static bool is_group(const struct trap *trap)
{
	return trap->call->number == SYS_kill && (int)trap->data.args[0] <= 0;
}

static int gather(struct trap *trap)
{
	trap->exposed = RIGHT_SCOPE_SIGNAL;
	if (is_group(trap))
		return STEP_JUDGE;
	return open_target(trap);
}

/* Whether a process of the tree is one that kill(2) with this number means. */
static bool is_meant(pid_t pid, int target, pid_t own_group)
{
	if (target == -1)
		return true;
	return getpgid(pid) == (target == 0 ? own_group : -target);
}

struct volley {
	const struct trap *trap;
	pid_t own_group;
	unsigned int hits;
};

static void hit(pid_t pid, void *userdata)
{
	struct volley *volley = userdata;
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0 ||
	    !is_meant(pid, (int)volley->trap->data.args[0], volley->own_group))
		return;
	if (!syscall(SYS_pidfd_send_signal, pidfd, signal_number(volley->trap),
		     NULL, 0))
		volley->hits++;
}

static int resolve(struct trap *trap)
{
	struct object object = {.type = OBJECT_PROCESS};

	/* A group: those outside the tree are left out, as Landlock does. */
	if (is_group(trap))
		return trap->kernel_scopes ? STEP_NATIVE : STEP_PERFORM;
	object.pid = process_of(trap->socket);
	if (object.pid <= 0)
		return -ESRCH;
	if (object.pid != trap->monitor &&
	    tree_descends(object.pid, trap->monitor))
		return trap->kernel_scopes ? STEP_NATIVE : STEP_PERFORM;
	trap_need(trap, &object, RIGHT_SCOPE_SIGNAL);
	return STEP_JUDGE;
}

static int perform_group(const struct trap *trap)
{
	struct volley volley = {
		.trap = trap,
		.own_group = getpgid(tree_tgid(trap->tid)),
	};

	tree_each(trap->monitor, hit, &volley);
	return volley.hits ? 0 : -ESRCH;
}

/* A thread is named by its number, which the open process keeps from passing
 * to another process, if not from passing to another of its threads. */
static int send_to_thread(const struct trap *trap, pid_t process)
{
	const pid_t thread =
		(pid_t)trap->data.args[trap->call->number == SYS_tkill ? 0 : 1];

	return syscall(SYS_tgkill, process, thread, signal_number(trap)) < 0
		       ? -errno
		       : 0;
}

static int perform(struct trap *trap)
{
	siginfo_t info;
	siginfo_t *with = NULL;

	if (is_group(trap))
		return perform_group(trap);
	if (trap->call->number == SYS_tkill || trap->call->number == SYS_tgkill)
		return send_to_thread(trap, process_of(trap->socket));
	if (trap->call->number == SYS_rt_sigqueueinfo ||
	    (trap->call->number == SYS_pidfd_send_signal &&
	     trap->data.args[2])) {
		if (memory_read(trap->tid, trap->data.args[2], &info,
				sizeof(info)))
			return -EFAULT;
		with = &info;
	}
	return syscall(SYS_pidfd_send_signal, trap->socket, signal_number(trap),
		       with, 0) < 0
		       ? -errno
		       : 0;
}

const struct operation operation_signal = {
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
