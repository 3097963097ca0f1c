/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On which processor a target and its monitor run while they hand something
 * over.
 *
 * When one wakes the other, the scheduler looks for an idle processor, and waking
 * that costs 70 us and more on a virtual machine, twice a call: more than all the
 * rest. Where the kernel has no call that hands the processor
 * over, both are kept where the monitor runs: the target for as long as it
 * cannot run code of its own, and the monitor, which is slower to keep, until
 * it has nothing more to do.
 */
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

struct affinity {
	pid_t tid;	  /* that waits for us meanwhile */
	cpu_set_t target; /* where it may run otherwise */
};

/*
 * Keeps a thread that waits for us, and us, on this processor.
 * Returns: false when it is not needed or not possible for the thread.
 */
bool affinity_hold(struct affinity *ret, pid_t tid);

/* Lets the thread run where it could before. */
void affinity_release(const struct affinity *affinity);

/*
 * Lets us run where we could before: due before we wait, and before we start a
 * thread, which would be kept here for ever.
 */
void affinity_leave(void);
