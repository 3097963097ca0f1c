/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How other threads are scheduled: sched_setaffinity(2), sched_setscheduler(2),
 * sched_setparam(2), sched_setattr(2), setpriority(2), ioprio_set(2).
 *
 * The kernel asks for nothing but the same user, and so a program could starve
 * whoever decides about it. Within the tree the monitor makes the call, as the
 * target; out of it, it is refused, and those of a group or of a user who are
 * out of it are left out, as with signals. What a thread does to itself is
 * not notified.
 */
#include <errno.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/named_threads.h"
#include "operation/operations.h"
#include "task/memory.h"

#define ATTRIBUTES_MIN 48   /* of a structure that does not say its size */
#define ATTRIBUTES_MAX 4096 /* the kernel's own bound */

struct schedule {
	struct named_threads named;
	size_t length;
	union {
		unsigned char bytes[ATTRIBUTES_MAX];
		struct sched_param parameter;
		uint32_t size; /* of sched_setattr(2)'s structure */
	};
};

/* Reads what argument @index points to, once. */
static int read_argument(struct notif *notif, int index, size_t length)
{
	struct schedule *schedule = notif->private;

	schedule->length = length;
	if (!notif->data.args[index])
		return length ? -EINVAL : 0;
	return length ? memory_read(notif->tid, notif->data.args[index],
				    schedule->bytes, length)
		      : 0;
}

static int read_attributes(struct notif *notif)
{
	const struct schedule *schedule = notif->private;
	int error = read_argument(notif, 1, sizeof(schedule->size));
	size_t size = ATTRIBUTES_MIN;

	if (!error && schedule->size)
		size = schedule->size;
	return error ? error
		     : read_argument(notif, 1,
				     size < ATTRIBUTES_MAX ? size
							   : ATTRIBUTES_MAX);
}

static int read_memory(struct notif *notif)
{
	const uint64_t length = (uint32_t)notif->data.args[1];

	switch (notif->call->number) {
	case SYS_sched_setaffinity:
		return read_argument(
			notif, 2, length < CPU_SETSIZE ? length : CPU_SETSIZE);
	case SYS_sched_setscheduler:
		return read_argument(notif, 2, sizeof(struct sched_param));
	case SYS_sched_setparam:
		return read_argument(notif, 1, sizeof(struct sched_param));
	case SYS_sched_setattr:
		return read_attributes(notif);
	default:
		return 0;
	}
}

/* Whom setpriority(2) and ioprio_set(2) are about. */
static int find_many(struct notif *notif, int process, int group, int user)
{
	struct schedule *schedule = notif->private;
	const int which = (int)notif->data.args[0];
	const int who = (int)notif->data.args[1];

	if (which == process)
		return named_threads_one(&schedule->named, notif, who);
	if (which == group)
		return named_threads_group(&schedule->named, notif, who);
	if (which == user)
		return named_threads_user(&schedule->named, notif, (uid_t)who);
	return -EINVAL;
}

static int find(struct notif *notif)
{
	struct schedule *schedule = notif->private;

	switch (notif->call->number) {
	case SYS_setpriority:
		return find_many(notif, PRIO_PROCESS, PRIO_PGRP, PRIO_USER);
	case SYS_ioprio_set:
		return find_many(notif, IOPRIO_WHO_PROCESS, IOPRIO_WHO_PGRP,
				 IOPRIO_WHO_USER);
	default:
		return named_threads_one(&schedule->named, notif,
					 (pid_t)notif->data.args[0]);
	}
}

static int gather(struct notif *notif)
{
	int step;

	notif->exposed = RIGHTS_NEVER_HELD;
	notif_keep(notif, struct schedule);
	step = read_memory(notif);
	return step ? step : find(notif);
}

static int resolve(struct notif *notif)
{
	(void)notif;
	return STEP_PERFORM;
}

/* Tells the program how large the kernel's structure is. */
static void store_size(const struct notif *notif)
{
	const struct schedule *schedule = notif->private;

	memory_write(notif->tid, notif->data.args[1], &schedule->size,
		     sizeof(schedule->size));
}

static long apply(const struct notif *notif, pid_t tid)
{
	struct schedule *schedule = notif->private;
	const __u64 *args = notif->data.args;

	switch (notif->call->number) {
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
static int perform(struct notif *notif)
{
	const struct schedule *schedule = notif->private;
	const struct named_threads *named = &schedule->named;
	int error = -ESRCH;

	for (size_t i = 0; i < named->count; i++) {
		if (!named->tids[i])
			continue;
		if (apply(notif, named->tids[i]) >= 0) {
			if (error == -ESRCH)
				error = 0;
			continue;
		}
		if (errno == E2BIG)
			store_size(notif);
		if (errno != ESRCH)
			error = -errno;
	}
	return error;
}

static void release(struct notif *notif)
{
	struct schedule *schedule = notif->private;

	named_threads_release(&schedule->named);
}

const struct operation operation_schedule = {
	.rights = "limits and scheduling of processes out of the tree, which "
		  "are refused",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.release = release,
};
