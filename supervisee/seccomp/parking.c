// SPDX-License-Identifier: GPL-2.0-or-later
/* Parking: see parking.h. */
#include "seccomp/parking.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "engine/question.h"
#include "operation/call.h"
#include "seccomp/job.h"
#include "seccomp/state.h"

#define CHECK_MS 100 /* how soon a dead asker is noticed, */
#define CHECK_MAX 64 /* when no more than these wait */

static int make_request(const struct job *job,
			const struct judged_detail *detail, struct request *ret)
{
	const struct asker asker = {
		.tid = job->trap.tid,
		.monitor = job->seccomp->monitor,
		.operation = job->trap.call->name,
	};

	return question_make(ret, &asker, job->seccomp->engine.ruleset, detail);
}

void parking_watch(struct seccomp *seccomp)
{
	const struct timeval interval = {.tv_usec = CHECK_MS * 1000};

	if ((seccomp->parked.count || workers_count(seccomp->workers)) &&
	    !evtimer_pending(seccomp->check, NULL))
		evtimer_add(seccomp->check, &interval);
}

void parking_add(struct job *job)
{
	pending_add(&job->seccomp->parked, &job->pending);
	parking_watch(job->seccomp);
}

void parking_remove(struct job *job)
{
	pending_remove(&job->seccomp->parked, &job->pending);
}

void parking_ask(struct job *job, const struct judged_detail *detail)
{
	struct seccomp *seccomp = job->seccomp;
	struct request request;
	int error;

	job->pending.refusal = detail->error;
	if (!pending_has_room(&seccomp->parked)) {
		job_end_error(job, detail->error);
		return;
	}
	error = make_request(job, detail, &request);
	if (!error)
		error = pending_ask(&seccomp->parked, &job->pending,
				    seccomp->decider, &request);
	if (error)
		job_end_error(job, detail->error);
	else
		parking_watch(seccomp);
	request_finish(&request);
}

/* Tells a person once what the program cannot find out by itself. */
static void tell(struct seccomp *seccomp, const struct trap *trap)
{
	for (size_t i = 0; i < seccomp->told_count; i++)
		if (seccomp->told[i] == trap->accesses.reason)
			return;
	if (seccomp->told_count == ARRAY_SIZE(seccomp->told))
		return;
	seccomp->told[seccomp->told_count++] = trap->accesses.reason;
	log_warning("%s by process %d is refused: %s", trap->call->name,
		    (int)trap->tid, trap->accesses.reason);
}

void parking_refuse(struct job *job, const struct judged_detail *detail)
{
	const struct decider_ops *ops = job->seccomp->decider->ops;
	const char *reason = detail->by_rule ? NULL : job->trap.accesses.reason;
	struct request request;

	if (reason)
		tell(job->seccomp, &job->trap);
	if (ops->refused && !job->pending.request_id) {
		if (!make_request(job, detail, &request))
			ops->refused(job->seccomp->decider, &request, reason);
		request_finish(&request);
	}
	job_end_error(job, detail->error);
}

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
	job_drop(job);
}

void parking_check(evutil_socket_t fd, short what, void *userdata)
{
	struct seccomp *seccomp = userdata;

	(void)fd;
	(void)what;
	/* Each look costs the kernel a walk along all that wait. */
	pending_look(&seccomp->parked, seccomp->decider, CHECK_MAX, is_gone,
		     drop);
	workers_interrupt(seccomp->workers, worker_unwanted);
	workers_retry(seccomp->workers);
	parking_watch(seccomp);
}

struct job *parking_find(struct seccomp *seccomp, uint64_t request_id)
{
	return (struct job *)pending_find(&seccomp->parked, request_id);
}

void parking_clear(struct seccomp *seccomp)
{
	struct pending *pending;

	while ((pending = pending_take(&seccomp->parked)))
		job_end_error((struct job *)pending, pending->refusal);
}
