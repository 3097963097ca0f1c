/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prlimit(2) that sets a limit of another process.
 *
 * A limit can end a process (RLIMIT_CPU) or cripple it, so that it reaches as
 * far as a signal does; Landlock does not know it, and the kernel asks for
 * nothing but the same user. Out of the tree it is refused. Reading limits, and
 * a process's own, are not notified.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/named_threads.h"
#include "operation/operations.h"
#include "task/memory.h"

/* Of the kernel, whatever rlim_t is. */
struct limit {
	uint64_t soft, hard;
};

struct setting {
	struct named_threads targets;
	struct limit limit;
};

/* It means nothing to the program, and something to us. */
static bool is_mark(const struct notif *notif)
{
	return (int)notif->data.args[1] == RLIMIT_LOCKS;
}

/*
 * What is there of the program's memory, before anybody is held: where a page
 * is missing, all begins anew.
 */
static int read_memory(struct notif *notif, struct setting *setting)
{
	struct limit former;
	const int error = memory_read(notif->tid, notif->data.args[2],
				      &setting->limit, sizeof(setting->limit));

	/* Whether it can be written is found out later, as ever. */
	if (!error && notif->data.args[3] &&
	    memory_read(notif->tid, notif->data.args[3], &former,
			sizeof(former)) == -EAGAIN)
		return -EAGAIN;
	return error;
}

static int gather(struct notif *notif)
{
	struct setting *setting = notif_keep(notif, struct setting);
	int step;

	notif->exposed = RIGHTS_NEVER_HELD;
	step = read_memory(notif, setting);
	if (step)
		return step;
	/* Only the lower half of the register counts. */
	step = named_threads_one(&setting->targets, notif,
				 (pid_t)notif->data.args[0]);
	if (step != STEP_NATIVE || !is_mark(notif))
		return step;
	notif->exposed = RIGHTS_NEVER_HELD;
	return STEP_JUDGE;
}

static int resolve(struct notif *notif)
{
	(void)notif;
	return STEP_PERFORM;
}

static int store(const struct notif *notif, const struct limit *limit)
{
	if (!notif->data.args[3])
		return 0;
	return memory_write(notif->tid, notif->data.args[3], limit,
			    sizeof(*limit));
}

static int perform(struct notif *notif)
{
	const struct setting *setting = notif->private;
	struct limit former;

	if (is_mark(notif))
		return 0;
	if (syscall(SYS_prlimit64, setting->targets.tids[0],
		    (int)notif->data.args[1], &setting->limit, &former) < 0)
		return -errno;
	return store(notif, &former);
}

static void release(struct notif *notif)
{
	struct setting *setting = notif->private;

	named_threads_release(&setting->targets);
}

const struct operation operation_limit = {
	.rights = "limits and scheduling of processes out of the tree, which "
		  "are refused",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.release = release,
};
