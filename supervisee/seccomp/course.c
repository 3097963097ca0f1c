// SPDX-License-Identifier: GPL-2.0-or-later
/* The course of a job: see course.h. */
#include "seccomp/course.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "engine/names.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "path/remote.h"
#include "seccomp/job.h"
#include "seccomp/listener.h"
#include "seccomp/parking.h"
#include "seccomp/perform.h"
#include "seccomp/shortage.h"
#include "seccomp/state.h"
#include "task/tree.h"

#define RACES_MAX 16 /* how often names may change under one call */

static int resolve_step(void *argument)
{
	struct job *job = argument;

	return job->trap.call->operation->resolve(&job->trap);
}

static int check_step(void *argument)
{
	const struct job *job = argument;
	const struct operation *operation = job->trap.call->operation;

	return operation->check ? operation->check(&job->trap) : 0;
}

/* Whether the paths that are judged are those of what is pinned. */
static bool are_named(const struct job *job)
{
	return !job->seccomp->own_mounts || (pin_is_named(&job->trap.pins[0]) &&
					     pin_is_named(&job->trap.pins[1]));
}

/* Resolves, again when names have changed meanwhile. */
static int resolve_as_asker(void *argument)
{
	struct job *job = argument;
	const struct operation *operation = job->trap.call->operation;
	int step;

	while ((step = job_as_asker(job, resolve_step)) == STEP_AGAIN) {
		trap_forget(&job->trap);
		if (++job->races > RACES_MAX)
			return trap_fail(&job->trap, -EACCES);
	}
	if ((step == STEP_JUDGE || step == STEP_PERFORM) && !are_named(job))
		return -EACCES;
	/* Nor shall anybody else wait while this is found out. */
	if (step >= 0 && job->remote && operation->check)
		job->futile = job_as_asker(job, check_step);
	return step;
}

static void resolved(struct job *job, int step);

static void resolve_waiting(struct job *job)
{
	const int error = job_wait(job, resolve_as_asker, resolved);

	if (error)
		job_end_error(job, error);
}

static void resolved(struct job *job, int step)
{
	if (step == STEP_WAIT) {
		trap_forget(&job->trap);
		resolve_waiting(job);
	} else if (step < 0) {
		job_end_failed(job, shortage_tell(step));
	} else if (step == STEP_NATIVE) {
		job_end_failed(job, -EACCES);
	} else {
		course_judge(job, false);
	}
}

/* Whether one of the trap's paths, or its descriptor, may make us wait. */
static bool is_remote(const struct job *job)
{
	const struct trap *trap = &job->trap;
	const struct remote *remote = job->seccomp->remote;
	bool found = trap->socket >= 0 && remote_is_fd(remote, trap->socket);

	for (unsigned int i = 0; !found && i < 2; i++)
		found = trap->views[i].tid &&
			remote_may_block(remote, &trap->views[i],
					 trap->paths[i]);
	return found;
}

void course_begin(struct job *job)
{
	if (!job->trap.glanced)
		intake_receive(job->seccomp, INTAKE_MAX);
	job->remote = is_remote(job);
	if (job->remote)
		resolve_waiting(job);
	else
		resolved(job, resolve_as_asker(job));
}

void course_performed(struct job *job, int result)
{
	if (job->trap.raises)
		job_raise(job);
	if (result == STEP_AGAIN && ++job->races <= RACES_MAX) {
		trap_forget(&job->trap);
		/* Other objects: nobody has agreed to these. */
		job->nests = 0;
		job->nest_performs = false;
		course_begin(job);
	} else if (result == STEP_AGAIN) {
		job_end_error(job, -EACCES);
	} else if (result < 0) {
		job_end_error(job, shortage_tell(result));
	} else if (job->trap.replaces) {
		job_end_replaced(job);
	} else if (job->trap.result_fd >= 0) {
		job_end_fd(job);
	} else {
		job_end_value(job);
	}
}

/* A supervisor of this tree's own becomes one of a nest. */
static void add_nest(struct job *job)
{
	const struct trap *trap = &job->trap;
	const int listener = job->seccomp->listener;
	int fd = -1;
	int error = nests_add(job->seccomp->nests, trap->tid, &fd);

	if (!error)
		error = listener_exchange_fd(listener, trap->id, fd,
					     (int)trap->data.args[0],
					     O_CLOEXEC);
	fd_close(fd);
	if (error)
		job_end_error(job, error);
	else
		job_end_value(job);
}

/*
 * Whether a job is worth putting to somebody: it would not fail anyway, and
 * what was read of the asker was the asker's. Ends the job if not.
 */
static bool worth_asking(struct job *job)
{
	int error;

	if (job_unwanted(job)) {
		job_drop(job);
		return false;
	}
	error = job->remote ? job->futile : job_as_asker(job, check_step);
	if (error)
		job_end_failed(job, error);
	return !error;
}

/* Whether it turns out that less is needed than it seemed. */
static bool narrow(struct job *job)
{
	const struct operation *operation = job->trap.call->operation;

	return operation->narrow && operation->narrow(&job->trap);
}

/* Puts a job to the nests that it comes from. Returns: whether it waits. */
static bool ask_nests(struct job *job)
{
	struct seccomp *seccomp = job->seccomp;
	int asked;

	if (!nests_matter(seccomp->nests))
		return false;
	if (!worth_asking(job))
		return true;
	narrow(job);
	if (!job->nests)
		job->nests_gone = nests_gone(seccomp->nests);
	if (job->nests_gone != nests_gone(seccomp->nests))
		asked = -EACCES;
	else
		asked = nests_ask(seccomp->nests, &job->trap, job->nests, job);
	if (asked < 0) {
		job_end_error(job, asked);
		return true;
	}
	if (asked)
		parking_add(job);
	return asked;
}

void course_nest_answered(void *argument, enum action action, int error)
{
	struct job *job = argument;

	parking_remove(job);
	if (action == ACTION_DENY) {
		job_end_error(job, error);
		return;
	}
	job->nests++;
	job->nest_performs = job->nest_performs || action != ACTION_NATIVE;
	if (!ask_nests(job))
		course_judge(job, false);
}

/*
 * Whether a glance is worth it says the last path: one that is not the kernel's
 * to answer is looked at twice.
 */
static void learn_glance(struct seccomp *seccomp, const struct trap *trap,
			 enum action action)
{
	if (trap->call->operation->glances)
		seccomp->glances = action == ACTION_NATIVE;
}

/* What was glanced at is not the kernel's to answer: look with care. */
static void settle(struct job *job)
{
	int error;

	trap_forget(&job->trap);
	error = trap_settle(&job->trap);
	if (error)
		job_end_failed(job, error);
	else
		course_begin(job);
}

/* What the kernel will not see may have other names than its path. */
static bool needs_names(const struct job *job, enum action action)
{
	return !job->trap.glanced &&
	       (action == ACTION_PERFORM || action == ACTION_ASK ||
		(action == ACTION_NATIVE && job->nest_performs));
}

static enum action judge_job(struct job *job, struct judged_detail *ret)
{
	const struct seccomp *seccomp = job->seccomp;
	struct wards *wards = static_layer_wards(seccomp->layer);
	/* Rules for one process are rare: who asks matters only then. */
	const struct process_id process =
		ruleset_has_process_rules(seccomp->engine.ruleset)
			? tree_process(job->trap.tid)
			: PROCESS_NONE;
	enum action action;

	if (!job->trap.glanced && names_suspected(wards, &job->trap.accesses))
		names_find(wards, &job->trap.accesses);
	do
		action = action_of(seccomp->engine.ruleset, seccomp->layer,
				   &job->trap, process, ret);
	while (((action == ACTION_ASK || action == ACTION_DENY) &&
		narrow(job)) ||
	       (needs_names(job, action) &&
		names_find(wards, &job->trap.accesses)));
	return action;
}

void course_judge(struct job *job, bool final)
{
	struct seccomp *seccomp = job->seccomp;
	struct judged_detail detail;
	enum action action;

	if (job->trap.nests) {
		if (worth_asking(job))
			add_nest(job);
		return;
	}
	if (job->trap.accesses.count == 0) {
		/* A glance holds nothing that anything could be done with. */
		if (job->trap.glanced)
			settle(job);
		else
			perform_job(job);
		return;
	}
	if (!final && !job->nests && !job->trap.accesses.impossible &&
	    ask_nests(job))
		return;
	action = judge_job(job, &detail);
	learn_glance(seccomp, &job->trap, action);
	if (job->trap.glanced && action != ACTION_NATIVE) {
		settle(job);
		return;
	}
	switch (action) {
	case ACTION_NATIVE:
		if (!job->nest_performs)
			job_end_native(job);
		else if (job->trap.native_only)
			job_end_error(job, -EACCES);
		else
			perform_job(job);
		break;
	case ACTION_PERFORM:
		perform_job(job);
		break;
	case ACTION_ASK:
		if (final)
			job_end_error(job, detail.error);
		else if (worth_asking(job))
			parking_ask(job, &detail);
		break;
	case ACTION_DENY:
		if (final || worth_asking(job))
			parking_refuse(job, &detail);
		break;
	}
}
