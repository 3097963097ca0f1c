/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Placement: on which processor an asker and its monitor run while they hand
 * something over.
 *
 * When one wakes the other, the scheduler looks for an idle processor, and to
 * wake that takes many times as long as all the rest (on a virtual machine 70
 * us and more, twice). Where the kernel has no call that hands the processor
 * over, both are kept where the monitor runs, for as long as the asker cannot
 * run code of its own.
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
 * Returns: false when it is not needed or not possible, and nothing is changed.
 */
bool placement_hold(struct placement *ret, pid_t tid);

/* Lets both run where they could before. */
void placement_release(const struct placement *placement);
