/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sweep: see sweep.h. */
#include "seccomp/sweep.h"

#include "seccomp/state.h"

#define SWEEP_MS 100 /* how soon a dead target is noticed */

void sweep_arm(struct seccomp *seccomp)
{
	const struct timeval interval = {.tv_usec = SWEEP_MS * 1000};

	if ((seccomp->pending.count || workers_count(seccomp->workers)) &&
	    !evtimer_pending(seccomp->sweep, NULL))
		evtimer_add(seccomp->sweep, &interval);
}
