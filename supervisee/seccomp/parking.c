// SPDX-License-Identifier: GPL-2.0-or-later
/* Parking: see parking.h. */
#include "seccomp/parking.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "operation/call.h"
#include "seccomp/job.h"
#include "seccomp/state.h"
#include "task/subject.h"

#define PARKED_MAX 16384 /* open requests of one tree */
#define PARKED_FILES 2	 /* descriptors that each may need */
#define RESERVED_FILES 256
#define CHECK_MS 100 /* how soon a dead asker is noticed, */
#define CHECK_MAX 64 /* when no more than these wait */

static int make_request(const struct job *job,
			const struct verdict_detail *detail,
			struct request *ret)
{
	int error;

	*ret = (struct request){
		.id = job->request_id,
		.generation = ruleset_generation(job->seccomp->engine.ruleset),
	};
	error = subject_read(&ret->subject, job->trap.tid,
			     job->seccomp->monitor);
	ret->operation = strdup(job->trap.call->name);
	for (size_t i = 0; !error && i < detail->missing_count; i++) {
		struct access *access = &ret->accesses[ret->accesses_count++];

		error = object_copy(&access->object,
				    &detail->missing[i].object);
		access->missing = detail->missing[i].rights;
	}
	return ret->operation ? error : -ENOMEM;
}

void parking_watch(struct seccomp *seccomp)
{
	const struct timeval interval = {.tv_usec = CHECK_MS * 1000};

	if ((seccomp->parked_count || workers_count(seccomp->workers)) &&
	    !evtimer_pending(seccomp->check, NULL))
		evtimer_add(seccomp->check, &interval);
}

void parking_add(struct job *job)
{
	struct seccomp *seccomp = job->seccomp;

	TAILQ_INSERT_TAIL(&seccomp->parked, job, entry);
	seccomp->parked_count++;
	parking_watch(seccomp);
}

void parking_remove(struct job *job)
{
	struct seccomp *seccomp = job->seccomp;

	if (seccomp->checked == job)
		seccomp->checked = TAILQ_NEXT(job, entry);
	TAILQ_REMOVE(&seccomp->parked, job, entry);
	seccomp->parked_count--;
}

/* As many may wait as leave descriptors for the others. */
static unsigned int parked_max(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 ||
	    files.rlim_cur / PARKED_FILES >= PARKED_MAX)
		return PARKED_MAX;
	if (files.rlim_cur <= 2 * RESERVED_FILES)
		return (unsigned int)files.rlim_cur / PARKED_FILES / 2;
	return (unsigned int)(files.rlim_cur - RESERVED_FILES) / PARKED_FILES;
}

void parking_ask(struct job *job, const struct verdict_detail *detail)
{
	struct seccomp *seccomp = job->seccomp;
	const int refusal = detail->error;
	struct request request;
	int error;

	if (seccomp->parked_count >= parked_max()) {
		job_end_error(job, refusal);
		return;
	}
	job->request_id = ++seccomp->last_request;
	error = make_request(job, detail, &request);
	/* Parked before it is asked: the answer may come at once. */
	job->refusal = refusal;
	parking_add(job);
	if (!error)
		error = seccomp->decider->ops->ask(seccomp->decider, &request);
	if (error) {
		parking_remove(job);
		job_end_error(job, refusal);
	}
	request_finish(&request);
}

/* Tells a person once what the program cannot find out by itself. */
static void tell(struct seccomp *seccomp, const struct trap *trap)
{
	for (size_t i = 0; i < seccomp->told_count; i++)
		if (seccomp->told[i] == trap->reason)
			return;
	if (seccomp->told_count == ARRAY_SIZE(seccomp->told))
		return;
	seccomp->told[seccomp->told_count++] = trap->reason;
	log_warning("%s by process %d is refused: %s", trap->call->name,
		    (int)trap->tid, trap->reason);
}

void parking_refuse(struct job *job, const struct verdict_detail *detail)
{
	const struct decider_ops *ops = job->seccomp->decider->ops;
	const char *reason = detail->by_rule ? NULL : job->trap.reason;
	struct request request;

	if (reason)
		tell(job->seccomp, &job->trap);
	if (ops->refused && !job->request_id) {
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

void parking_check(evutil_socket_t fd, short what, void *userdata)
{
	struct seccomp *seccomp = userdata;
	struct job *job, *next;

	(void)fd;
	(void)what;
	/* Each look costs the kernel a walk along all that wait. */
	job = seccomp->checked ? seccomp->checked
			       : TAILQ_FIRST(&seccomp->parked);
	for (int i = 0; job && i < CHECK_MAX; job = next, i++) {
		next = TAILQ_NEXT(job, entry);
		if (!job_unwanted(job))
			continue;
		parking_remove(job);
		if (job->request_id)
			seccomp->decider->ops->withdraw(seccomp->decider,
							job->request_id);
		nests_forget(seccomp->nests, job);
		job_drop(job);
	}
	seccomp->checked = job;
	workers_interrupt(seccomp->workers, worker_unwanted);
	workers_retry(seccomp->workers);
	parking_watch(seccomp);
}

struct job *parking_find(struct seccomp *seccomp, uint64_t request_id)
{
	struct job *job;

	TAILQ_FOREACH (job, &seccomp->parked, entry)
		if (job->request_id == request_id)
			return job;
	return NULL;
}

void parking_clear(struct seccomp *seccomp)
{
	struct job *job;

	while ((job = TAILQ_FIRST(&seccomp->parked))) {
		parking_remove(job);
		job_end_error(job, job->refusal);
	}
}
