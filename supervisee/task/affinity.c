/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Placement: see affinity.h. */
#include "task/affinity.h"

#include <string.h>

/* Where our cpuset lets us run, and where we may; found out once. */
static cpu_set_t all, own;

static bool kept; /* we are, where we were then */
static int kept_cpu;

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

/* Keeps us where we are. Returns: where that is, or -1. */
static int keep(void)
{
	cpu_set_t here;
	const int cpu = kept ? kept_cpu : sched_getcpu();

	if (kept || cpu < 0 || cpu >= CPU_SETSIZE)
		return cpu < CPU_SETSIZE ? cpu : -1;
	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	kept = sched_setaffinity(0, sizeof(here), &here) == 0;
	kept_cpu = cpu;
	return kept ? cpu : -1;
}

bool affinity_hold(struct affinity *ret, pid_t tid)
{
	cpu_set_t here;
	int cpu;

	if (!find_out() || CPU_COUNT(&own) == 1 ||
	    sched_getaffinity(tid, sizeof(ret->target), &ret->target) < 0)
		return false;
	cpu = keep();
	if (cpu < 0 || !CPU_ISSET(cpu, &ret->target))
		return false;
	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	if (sched_setaffinity(tid, sizeof(here), &here) < 0)
		return false;
	ret->tid = tid;
	return true;
}

void affinity_release(const struct affinity *affinity)
{
	let_run(affinity->tid, &affinity->target);
}

void affinity_leave(void)
{
	if (!kept)
		return;
	kept = false;
	let_run(0, &own);
}
