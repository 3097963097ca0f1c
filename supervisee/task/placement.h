/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Placement: on which processor an asker and its monitor run while they hand
 * something over.
 *
 * When one wakes the other, the scheduler looks for an idle processor, and to
 * wake that takes many times as long as all the rest (on a virtual machine 70
 * us and more, twice). Where the kernel has no call that hands the processor
 * over, both are kept where the monitor runs: the asker for as long as it
 * cannot run code of its own, and the monitor, which is slower to keep, until
 * it has nothing more to do.
 */
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

struct placement {
	pid_t tid;
	cpu_set_t asker; /* where it may run otherwise */
};

/*
 * Keeps a thread that waits for us, and us, on this processor.
 * Returns: false when it is not needed or not possible for the thread.
 */
bool placement_hold(struct placement *ret, pid_t tid);

/* Lets the thread run where it could before. */
void placement_release(const struct placement *placement);

/*
 * Lets us run where we could before: due before we wait, and before we start a
 * thread, which would be kept here for ever.
 */
void placement_leave(void);
