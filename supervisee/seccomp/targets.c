/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Targets that die: see targets.h. */
#include "seccomp/targets.h"

#include <signal.h>

#include "seccomp/job.h"
#include "seccomp/state.h"
#include "seccomp/sweep.h"

#define CHECK_MAX 64 /* that are looked at in one turn */

static int worker_unwanted(void *argument, void *userdata)
{
	const struct job *job = argument;
	const pid_t acting = __atomic_load_n(&job->acting, __ATOMIC_RELAXED);

	(void)userdata;
	if (!job_unwanted(job))
		return 0;
	/* Its worker waits for this one, and cannot be interrupted itself. */
	if (acting > 0)
		kill(acting, WORKER_SIGNAL);
	return 1;
}

static bool is_gone(struct pending *pending)
{
	return job_unwanted((const struct job *)pending);
}

static void drop(struct pending *pending)
{
	struct job *job = (struct job *)pending;

	nests_forget(job->seccomp->nests, job);
	job_end(job, END_GONE, 0);
}

void targets_check(evutil_socket_t fd, short what, void *userdata)
{
	struct seccomp *seccomp = userdata;

	(void)fd;
	(void)what;
	/* Each look costs the kernel a walk along all that wait. */
	pending_look(&seccomp->pending, seccomp->decider, CHECK_MAX, is_gone,
		     drop);
	workers_interrupt(seccomp->workers, worker_unwanted);
	workers_retry(seccomp->workers);
	sweep_arm(seccomp);
}

void targets_deny(struct seccomp *seccomp)
{
	struct pending *pending;

	while ((pending = pending_take(&seccomp->pending)))
		job_end((struct job *)pending, END_ERROR, pending->refusal);
}
