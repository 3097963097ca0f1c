// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prlimit(2) that sets a limit of another process.
 *
 * A limit can end a process (RLIMIT_CPU) or cripple it, so that it reaches as
 * far as a signal does; Landlock does not know it, and the kernel asks for
 * nothing but the same user. Out of the tree it is refused. Reading limits, and
 * a process's own, do not trap.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/operations.h"
#include "task/memory.h"
#include "task/tree.h"

/* Of the kernel, whatever rlim_t is. */
struct limit {
	uint64_t soft, hard;
};

static int gather(struct trap *trap)
{
	pid_t target = (pid_t)trap->data.args[0];

	trap->exposed = RIGHTS_NEVER_HELD;
	/* Only the lower half of the register counts. */
	if (target == 0)
		target = trap->tid;
	else if (trap->foreign_pids)
		target = tree_translate(trap->tid, target, 0, trap->monitor);
	if (target < 0)
		return -ESRCH;
	trap->value = target;
	/* Open, it keeps its number: no other process can take its place. */
	trap->socket = (int)syscall(SYS_pidfd_open, tree_tgid(target), 0);
	return trap->socket < 0 ? -ESRCH : 0;
}

static int resolve(struct trap *trap)
{
	const pid_t process = tree_tgid((pid_t)trap->value);

	if (process < 0)
		return -ESRCH;
	return tree_supervised(process, trap->monitor) ? STEP_PERFORM : -EPERM;
}

static int store(const struct trap *trap, const struct limit *limit)
{
	const struct iovec local = {(void *)(uintptr_t)limit, sizeof(*limit)};
	const struct iovec remote = {
		(void *)(uintptr_t)trap->data.args[3],
		sizeof(*limit),
	};

	if (!trap->data.args[3])
		return 0;
	return process_vm_writev(trap->tid, &local, 1, &remote, 1, 0) ==
			       (ssize_t)sizeof(*limit)
		       ? 0
		       : -EFAULT;
}

static int perform(struct trap *trap)
{
	struct limit limit, former;
	const int error = memory_read(trap->tid, trap->data.args[2], &limit,
				      sizeof(limit));
	const pid_t target = (pid_t)trap->value;

	if (error)
		return error;
	trap->value = 0;
	/* It means nothing to the program, and something to us. */
	if ((int)trap->data.args[1] == RLIMIT_LOCKS)
		return 0;
	if (syscall(SYS_prlimit64, target, (int)trap->data.args[1], &limit,
		    &former) < 0)
		return -errno;
	return store(trap, &former);
}

const struct operation operation_limit = {
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
