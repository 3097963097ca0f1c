// SPDX-License-Identifier: GPL-2.0-or-later
/* Placement: see placement.h. */
#include "task/placement.h"

#include <string.h>

/* Where our cpuset lets us run, and where we may; found out once. */
static cpu_set_t all, own;

static bool find_out(void)
{
	static bool known;
	cpu_set_t any;

	if (known)
		return true;
	memset(&any, 0xff, sizeof(any));
	if (sched_getaffinity(0, sizeof(own), &own) < 0 ||
	    sched_setaffinity(0, sizeof(any), &any) < 0 ||
	    sched_getaffinity(0, sizeof(all), &all) < 0)
		return false;
	if (!CPU_EQUAL(&all, &own))
		sched_setaffinity(0, sizeof(own), &own);
	known = true;
	return true;
}

/*
 * Who was never told where to run follows its cpuset. It must not become one
 * who was told to run where the cpuset is now.
 */
static void let_run(pid_t tid, const cpu_set_t *set)
{
	cpu_set_t any;

	memset(&any, 0xff, sizeof(any));
	sched_setaffinity(tid, sizeof(*set), CPU_EQUAL(set, &all) ? &any : set);
}

bool placement_hold(struct placement *ret, pid_t tid)
{
	const int cpu = sched_getcpu();
	cpu_set_t here;

	if (!find_out() || CPU_COUNT(&own) == 1 || cpu < 0 ||
	    cpu >= CPU_SETSIZE ||
	    sched_getaffinity(tid, sizeof(ret->asker), &ret->asker) < 0 ||
	    !CPU_ISSET(cpu, &ret->asker))
		return false;
	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	if (sched_setaffinity(tid, sizeof(here), &here) < 0)
		return false;
	ret->tid = tid;
	sched_setaffinity(0, sizeof(here), &here);
	return true;
}

void placement_release(const struct placement *placement)
{
	let_run(placement->tid, &placement->asker);
	let_run(0, &own);
}
