// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How other threads are scheduled: sched_setaffinity(2), sched_setscheduler(2),
 * sched_setparam(2), sched_setattr(2), setpriority(2), ioprio_set(2).
 *
 * The kernel asks for nothing but the same user, and so a program could starve
 * whoever decides about it. Within the tree the monitor makes the call, as the
 * asker; out of it, it is refused, and those of a group or of a user who are
 * out of it are left out, as with signals. What a thread does to itself does
 * not trap.
 */
#include <errno.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/operations.h"
#include "operation/target.h"
#include "task/memory.h"

#define ATTRIBUTES_MIN 48   /* of a structure that does not say its size */
#define ATTRIBUTES_MAX 4096 /* the kernel's own bound */

struct schedule {
	struct targets targets;
	size_t length;
	union {
		unsigned char bytes[ATTRIBUTES_MAX];
		struct sched_param parameter;
		uint32_t size; /* of sched_setattr(2)'s structure */
	};
};

/* Reads what argument @index points to, once. */
static int read_argument(struct trap *trap, int index, size_t length)
{
	struct schedule *schedule = trap->private;

	schedule->length = length;
	if (!trap->data.args[index])
		return length ? -EINVAL : 0;
	return length ? memory_read(trap->tid, trap->data.args[index],
				    schedule->bytes, length)
		      : 0;
}

static int read_attributes(struct trap *trap)
{
	const struct schedule *schedule = trap->private;
	int error = read_argument(trap, 1, sizeof(schedule->size));
	size_t size = ATTRIBUTES_MIN;

	if (!error && schedule->size)
		size = schedule->size;
	return error ? error
		     : read_argument(trap, 1,
				     size < ATTRIBUTES_MAX ? size
							   : ATTRIBUTES_MAX);
}

static int read_memory(struct trap *trap)
{
	const uint64_t length = (uint32_t)trap->data.args[1];

	switch (trap->call->number) {
	case SYS_sched_setaffinity:
		return read_argument(
			trap, 2, length < CPU_SETSIZE ? length : CPU_SETSIZE);
	case SYS_sched_setscheduler:
		return read_argument(trap, 2, sizeof(struct sched_param));
	case SYS_sched_setparam:
		return read_argument(trap, 1, sizeof(struct sched_param));
	case SYS_sched_setattr:
		return read_attributes(trap);
	default:
		return 0;
	}
}

/* Whom setpriority(2) and ioprio_set(2) are about. */
static int find_many(struct trap *trap, int process, int group, int user)
{
	struct schedule *schedule = trap->private;
	const int which = (int)trap->data.args[0];
	const int who = (int)trap->data.args[1];

	if (which == process)
		return targets_one(&schedule->targets, trap, who);
	if (which == group)
		return targets_group(&schedule->targets, trap, who);
	if (which == user)
		return targets_user(&schedule->targets, trap, (uid_t)who);
	return -EINVAL;
}

static int find(struct trap *trap)
{
	struct schedule *schedule = trap->private;

	switch (trap->call->number) {
	case SYS_setpriority:
		return find_many(trap, PRIO_PROCESS, PRIO_PGRP, PRIO_USER);
	case SYS_ioprio_set:
		return find_many(trap, IOPRIO_WHO_PROCESS, IOPRIO_WHO_PGRP,
				 IOPRIO_WHO_USER);
	default:
		return targets_one(&schedule->targets, trap,
				   (pid_t)trap->data.args[0]);
	}
}

static int gather(struct trap *trap)
{
	int step;

	trap->exposed = RIGHTS_NEVER_HELD;
	trap->private = calloc(1, sizeof(struct schedule));
	if (!trap->private)
		return -ENOMEM;
	step = read_memory(trap);
	return step ? step : find(trap);
}

static int resolve(struct trap *trap)
{
	(void)trap;
	return STEP_PERFORM;
}

/* Tells the program how large the kernel's structure is. */
static void store_size(const struct trap *trap)
{
	const struct schedule *schedule = trap->private;

	memory_write(trap->tid, trap->data.args[1], &schedule->size,
		     sizeof(schedule->size));
}

static long apply(const struct trap *trap, pid_t tid)
{
	struct schedule *schedule = trap->private;
	const __u64 *args = trap->data.args;

	switch (trap->call->number) {
	case SYS_sched_setaffinity:
		return syscall(SYS_sched_setaffinity, tid, schedule->length,
			       schedule->bytes);
	case SYS_sched_setscheduler:
		return syscall(SYS_sched_setscheduler, tid, (int)args[1],
			       &schedule->parameter);
	case SYS_sched_setparam:
		return syscall(SYS_sched_setparam, tid, &schedule->parameter);
	case SYS_sched_setattr:
		return syscall(SYS_sched_setattr, tid, schedule->bytes,
			       (unsigned int)args[2]);
	case SYS_setpriority:
		return syscall(SYS_setpriority, PRIO_PROCESS, tid,
			       (int)args[2]);
	default:
		return syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, tid,
			       (int)args[2]);
	}
}

/* As the kernel has it: once one has failed, all has. */
static int perform(struct trap *trap)
{
	const struct schedule *schedule = trap->private;
	const struct targets *targets = &schedule->targets;
	int error = -ESRCH;

	for (size_t i = 0; i < targets->count; i++) {
		if (!targets->tids[i])
			continue;
		if (apply(trap, targets->tids[i]) >= 0) {
			if (error == -ESRCH)
				error = 0;
			continue;
		}
		if (errno == E2BIG)
			store_size(trap);
		if (errno != ESRCH)
			error = -errno;
	}
	return error;
}

static void release(struct trap *trap)
{
	struct schedule *schedule = trap->private;

	if (schedule)
		targets_release(&schedule->targets);
	free(schedule);
}

const struct operation operation_schedule = {
	.rights = "limits and scheduling of processes out of the tree, which "
		  "are refused",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.release = release,
};
