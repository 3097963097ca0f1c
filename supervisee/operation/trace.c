/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reaching into another process: ptrace(2) to attach or to be traced,
 * process_vm_readv(2) and process_vm_writev(2), pidfd_getfd(2), kcmp(2).
 *
 * Within the tree that is the kernel's. Landlock lets no domain reach out of
 * itself, and no rule of it can change that; who traces is a relation between
 * two processes that no third one can put in place of either. So it is refused,
 * and nobody is asked.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "task/descriptor.h"
#include "task/tree.h"

/*
 * PTRACE_TRACEME: whoever is the parent becomes the tracer, asked or not. A
 * supervisor would be kept waiting with the program.
 */
static bool asks_to_be_traced(const struct notif *notif)
{
	return notif->call->number == SYS_ptrace &&
	       notif->data.args[0] == PTRACE_TRACEME;
}

static pid_t target_of(const struct notif *notif)
{
	_cleanup_fd_ int pidfd = -1;

	switch (notif->call->number) {
	case SYS_ptrace:
		if (asks_to_be_traced(notif))
			return tree_parent(tree_tgid(notif->tid));
		return (pid_t)notif->data.args[1];
	case SYS_pidfd_getfd:
		pidfd = descriptor_copy(notif->tid, (int)notif->data.args[0]);
		return pidfd < 0 ? pidfd : tree_of_pidfd(pidfd);
	case SYS_kcmp: /* it is one of the two, or the kernel's business */
		if (tree_supervised(tree_tgid((pid_t)notif->data.args[0]),
				    notif->monitor))
			return (pid_t)notif->data.args[1];
		return (pid_t)notif->data.args[0];
	default:
		return (pid_t)notif->data.args[0];
	}
}

static int gather(struct notif *notif)
{
	/* The kernel says no to whatever the numbers come to mean. */
	notif->exposed = 0;
	/* In a namespace of the tree's own every number means one of it. */
	return notif->foreign_pids && !asks_to_be_traced(notif) ? STEP_NATIVE
								: STEP_JUDGE;
}

static int resolve(struct notif *notif)
{
	struct object object = {.type = OBJECT_PROCESS};

	object.pid = tree_tgid(target_of(notif));
	if (asks_to_be_traced(notif))
		return tree_supervised(object.pid, notif->monitor)
			       ? STEP_NATIVE
			       : notif_fail(notif, -EPERM);
	if (object.pid <= 0 || tree_supervised(object.pid, notif->monitor))
		return STEP_NATIVE;
	notif->accesses.impossible = true;
	notif->accesses.reason =
		"Landlock keeps a domain from reaching into processes "
		"out of it, and nobody can do so in its place";
	notif_need(notif, &object, RIGHT_PTRACE);
	return STEP_JUDGE;
}

/* Whoever may look at where the executable is may trace, but for Yama. */
static int check(const struct notif *notif)
{
	char link[64], path[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/%d/exe",
		 (int)notif->accesses.needs[0].object.pid);
	return readlink(link, path, sizeof(path)) < 0 ? -EPERM : 0;
}

const struct operation operation_trace = {
	.rights = "ptrace, which is refused out of the tree",
	.gather = gather,
	.resolve = resolve,
	.check = check,
};
