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
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/operations.h"
#include "operation/target.h"
#include "task/memory.h"

/* Of the kernel, whatever rlim_t is. */
struct limit {
	uint64_t soft, hard;
};

/* It means nothing to the program, and something to us. */
static bool is_mark(const struct trap *trap)
{
	return (int)trap->data.args[1] == RLIMIT_LOCKS;
}

static int gather(struct trap *trap)
{
	struct targets *targets = calloc(1, sizeof(*targets));
	int step;

	trap->exposed = RIGHTS_NEVER_HELD;
	trap->private = targets;
	if (!targets)
		return -ENOMEM;
	/* Only the lower half of the register counts. */
	step = targets_one(targets, trap, (pid_t)trap->data.args[0]);
	if (step != STEP_NATIVE || !is_mark(trap))
		return step;
	trap->exposed = RIGHTS_NEVER_HELD;
	return STEP_JUDGE;
}

static int resolve(struct trap *trap)
{
	(void)trap;
	return STEP_PERFORM;
}

static int store(const struct trap *trap, const struct limit *limit)
{
	if (!trap->data.args[3])
		return 0;
	return memory_write(trap->tid, trap->data.args[3], limit,
			    sizeof(*limit));
}

static int perform(struct trap *trap)
{
	const struct targets *targets = trap->private;
	struct limit limit, former;
	const int error = memory_read(trap->tid, trap->data.args[2], &limit,
				      sizeof(limit));

	if (error || is_mark(trap))
		return error;
	if (syscall(SYS_prlimit64, targets->tids[0], (int)trap->data.args[1],
		    &limit, &former) < 0)
		return -errno;
	return store(trap, &former);
}

static void release(struct trap *trap)
{
	if (trap->private)
		targets_release(trap->private);
	free(trap->private);
}

/* For pages of the program's memory. */
static bool blocks(const struct trap *trap)
{
	return trap->careful;
}

const struct operation operation_limit = {
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.blocks = blocks,
	.release = release,
};
