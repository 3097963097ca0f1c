/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of a job: see life.h. */
#include "seccomp/life.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "engine/other_names.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "path/remote.h"
#include "seccomp/account.h"
#include "seccomp/belongings.h"
#include "seccomp/exhaustion.h"
#include "seccomp/job.h"
#include "seccomp/perform.h"
#include "seccomp/receive.h"
#include "seccomp/state.h"
#include "seccomp/sweep.h"
#include "seccomp/watchdog.h"
#include "task/confinement.h"
#include "task/descriptor.h"
#include "task/memory.h"

#define RACES_MAX 16 /* how often names may change under one call */

static void resolve(struct job *job);
static void decide(struct job *job, bool final);
static void performed(struct job *job, int result);

/* Nobody exchanges what the number in a register means. */
static bool keeps_descriptors(const struct job *job)
{
	return !job->seccomp->tree.shared_tables &&
	       descriptors_are_private(job->notif.tid);
}

/*
 * A program makes or takes a Landlock domain of its own. One in which a nested
 * supervisor starts its program is no program's own: the supervisor is asked.
 *
 * The domain is taken by the kernel, which looks at the number again. Who could
 * put another ruleset under it meanwhile, a thread or who else shares the
 * descriptors, could have done so before as well, and have had both of us take
 * that one: nothing is gained.
 */
static int confine(struct job *job)
{
	const struct notif *notif = &job->notif;
	struct seccomp *seccomp = job->seccomp;

	if (notif->data.nr == SYS_landlock_add_rule && keeps_descriptors(job) &&
	    confinements_supervise(notif->tid, (int)notif->data.args[0]))
		return STEP_NATIVE;
	if (notif->data.nr == SYS_landlock_add_rule)
		return confinements_add_rule(seccomp->confinements, notif->tid,
					     &notif->data);
	if (nests_starts(seccomp->nests, notif->tid))
		return 0;
	return confinements_add(seccomp->confinements, notif->tid,
				(int)notif->data.args[0]);
}

static void end_confinement(struct job *job, int error)
{
	if (error != STEP_NATIVE &&
	    (error || job->notif.data.nr == SYS_landlock_add_rule))
		job_end(job, END_ERROR, error);
	else
		job_end(job, END_NATIVE, 0);
}

static int gather(struct job *job)
{
	const struct call *call = job->notif.call;
	int step;

	if (call->confines)
		return confine(job);
	step = job_identify(job);
	return step ? step : call->operation->gather(&job->notif);
}

/* All begins anew with a page that is there. */
static void fetched(struct job *job, int result)
{
	if (result < 0 && result != -EFAULT) {
		job_end(job, END_ERROR, result);
		return;
	}
	job_renew(job);
	life_begin(job);
}

/*
 * No page of the target's is waited for here, where everybody else would wait
 * as well: where one is missing, it is fetched, and then all begins anew.
 */
void life_begin(struct job *job)
{
	struct seccomp *seccomp = job->seccomp;
	const bool careful = job->notif.careful;
	int step;

	job_enter(job, JOB_GATHERS);
	if (careful) {
		watchdog_wake();
		memory_guard();
	}
	step = gather(job);
	if (careful && memory_unguard(&job->missing)) {
		step = job_fetch(job, fetched);
		if (step)
			job_end(job, END_ERROR, step);
		return;
	}
	seccomp->tree.datagrams =
		seccomp->tree.datagrams || job->notif.makes_datagrams;
	/*
	 * What was read may have been another process's. A reply then fails;
	 * everything else looks whether the job is still wanted first.
	 */
	if (job->notif.call->confines)
		end_confinement(job, step);
	else if (step < 0)
		job_end_early(job,
			      exhaustion_report(&seccomp->exhaustion, step));
	else if (step == STEP_NATIVE)
		job_end_early(job, -EACCES);
	else
		resolve(job);
}

static int resolve_step(void *argument)
{
	struct job *job = argument;

	return job->notif.call->operation->resolve(&job->notif);
}

static int check_step(void *argument)
{
	const struct job *job = argument;
	const struct operation *operation = job->notif.call->operation;

	return operation->check ? operation->check(&job->notif) : 0;
}

/* Whether the paths that are judged are those of what is pinned. */
static bool are_named(const struct job *job)
{
	return !job->seccomp->own_mounts ||
	       (pin_is_named(&job->notif.pins[0]) &&
		pin_is_named(&job->notif.pins[1]));
}

/* Resolves, again when names have changed meanwhile. */
static int resolve_as_target(void *argument)
{
	struct job *job = argument;
	const struct operation *operation = job->notif.call->operation;
	int step;

	while ((step = job_as_target(job, resolve_step)) == STEP_AGAIN) {
		notif_forget(&job->notif);
		if (++job->races > RACES_MAX)
			return notif_fail(&job->notif, -EACCES);
	}
	if ((step == STEP_JUDGE || step == STEP_PERFORM) && !are_named(job))
		return -EACCES;
	/* It may block on a slow file system, so it is found out here. */
	if (step >= 0 && job->remote && operation->check)
		job->futile = job_as_target(job, check_step);
	return step;
}

static void resolved(struct job *job, int step);

static void resolve_waiting(struct job *job)
{
	const int error = job_wait(job, resolve_as_target, resolved);

	if (error)
		job_end(job, END_ERROR, error);
}

static void resolved(struct job *job, int step)
{
	if (step == STEP_WAIT) {
		notif_forget(&job->notif);
		resolve_waiting(job);
	} else if (step < 0) {
		job_end_early(job, exhaustion_report(&job->seccomp->exhaustion,
						     step));
	} else if (step == STEP_NATIVE) {
		job_end_early(job, -EACCES);
	} else {
		decide(job, false);
	}
}

/* Whether a path of the call, or its descriptor, may make us wait. */
static bool is_remote(const struct job *job)
{
	const struct notif *notif = &job->notif;
	const struct remote *remote = job->seccomp->remote;
	bool found = notif->fd >= 0 && remote_is_fd(remote, notif->fd);

	for (unsigned int i = 0; !found && i < 2; i++)
		found = notif->bases[i].tid &&
			remote_may_block(remote, &notif->bases[i],
					 notif->paths[i]);
	return found;
}

/* See receive.h. */
static bool resolves_at_once(const struct notif *notif)
{
	return notif->looked_up_fast || notif->maker == MAKER_REGISTERS;
}

static void resolve(struct job *job)
{
	job_enter(job, JOB_RESOLVES);
	if (!resolves_at_once(&job->notif))
		receive(job->seccomp, RECV_QUEUE_MAX);
	job->remote = is_remote(job);
	if (job->remote)
		resolve_waiting(job);
	else
		resolved(job, resolve_as_target(job));
}

/* What was looked_up_fast at is not the kernel's to answer: look with care. */
static void settle(struct job *job)
{
	int error;

	notif_forget(&job->notif);
	error = notif_settle(&job->notif);
	if (error)
		job_end_early(job, error);
	else
		resolve(job);
}

/* A supervisor of this tree's own becomes one of a nest. */
static void add_nest(struct job *job)
{
	struct notif *notif = &job->notif;
	const int error =
		nests_add(job->seccomp->nests, notif->tid, &notif->result_fd);

	if (error)
		job_end(job, END_ERROR, error);
	else
		job_end(job, END_CONNECTED, 0);
}

/*
 * Whether a job is worth putting to somebody: it would not fail anyway, and
 * what was read of the target was the target's. Ends the job if not.
 */
static bool worth_asking(struct job *job)
{
	int error;

	if (job_unwanted(job)) {
		job_end(job, END_GONE, 0);
		return false;
	}
	error = job->remote ? job->futile : job_as_target(job, check_step);
	if (error)
		job_end_early(job, error);
	return !error;
}

/* Whether it turns out that less is needed than it seemed. */
static bool narrow(struct job *job)
{
	const struct operation *operation = job->notif.call->operation;

	return operation->narrow && operation->narrow(&job->notif);
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
		asked = nests_ask(seccomp->nests, &job->notif, job->nests, job);
	if (asked < 0) {
		job_end(job, END_ERROR, asked);
		return true;
	}
	if (asked)
		job_pend(job);
	return asked;
}

void life_nest_answered(struct job *job, enum action action, int error)
{
	pending_remove(&job->seccomp->pending, &job->pending);
	if (action == ACTION_DENY) {
		job_end(job, END_ERROR, error);
		return;
	}
	job->nests++;
	job->nest_performs = job->nest_performs || action != ACTION_NATIVE;
	if (!ask_nests(job))
		decide(job, false);
}

/*
 * The last path predicts the next: after one that the kernel could not answer
 * the fast lookup is skipped, or we would resolve twice.
 */
static void learn_fast_lookup(struct seccomp *seccomp,
			      const struct notif *notif, enum action action)
{
	if (notif->call->operation->looks_up_fast)
		seccomp->looks_up_fast = action == ACTION_NATIVE;
}

/* What the kernel will not see may have other names than its path. */
static bool needs_names(const struct job *job, enum action action)
{
	return !job->notif.looked_up_fast &&
	       (action == ACTION_PERFORM || action == ACTION_ASK ||
		(action == ACTION_NATIVE && job->nest_performs));
}

static enum action judge_job(struct job *job, struct judged_detail *ret)
{
	const struct seccomp *seccomp = job->seccomp;
	const struct ruleset *ruleset = seccomp->engine.ruleset;
	struct wards *wards = static_layer_wards(seccomp->layer);
	struct accesses *accesses = &job->notif.accesses;
	/* Rules for one process are rare: who asks matters only then. */
	const struct process_id process = ruleset_has_process_rules(ruleset)
						  ? job_process(job)
						  : PROCESS_NONE;
	enum action action;

	if (!job->notif.looked_up_fast &&
	    other_names_suspected(wards, accesses))
		other_names_find(wards, accesses);
	do
		action = action_of(ruleset, seccomp->layer, &job->notif,
				   process, !job->nest_performs, ret);
	while (((action == ACTION_ASK || action == ACTION_DENY) &&
		narrow(job)) ||
	       (needs_names(job, action) && other_names_find(wards, accesses)));
	return action;
}

/* Puts it to the decider; the answer may come before this returns. */
static void ask(struct job *job, const struct judged_detail *detail)
{
	struct seccomp *seccomp = job->seccomp;
	const int refusal = detail->error;
	struct request request;
	int error;

	if (!pending_has_room(&seccomp->pending)) {
		job_end(job, END_ERROR, refusal);
		return;
	}
	job->pending.refusal = refusal;
	error = account_request(job, detail, &request);
	job_enter(job, JOB_PENDS);
	if (!error)
		error = pending_ask(&seccomp->pending, &job->pending,
				    seccomp->decider, &request);
	if (error) {
		exhaustion_report(&seccomp->exhaustion, error);
		job_end(job, END_ERROR, refusal);
	} else {
		sweep_arm(seccomp);
	}
	request_finish(&request);
}

/* Tells a person once what the program cannot find out by itself. */
static void tell(struct seccomp *seccomp, const struct notif *notif)
{
	const char *reason = notif->accesses.reason;

	for (size_t i = 0; i < seccomp->told_count; i++)
		if (seccomp->told[i] == reason)
			return;
	if (seccomp->told_count == ARRAY_SIZE(seccomp->told))
		return;
	seccomp->told[seccomp->told_count++] = reason;
	log_warning("%s by process %d is refused: %s", notif->call->name,
		    (int)notif->tid, reason);
}

/* Denies it, and tells the decider, for the record. */
static void refuse(struct job *job, const struct judged_detail *detail)
{
	const char *reason =
		detail->by_rule ? NULL : job->notif.accesses.reason;

	if (reason)
		tell(job->seccomp, &job->notif);
	if (!job->pending.request_id)
		account_refused(job, detail, reason);
	job_end(job, END_ERROR, detail->error);
}

/* The kernel would do; but a nested supervisor allows more than it holds. */
static void end_native(struct job *job)
{
	if (!job->nest_performs)
		job_end(job, END_NATIVE, 0);
	else if (job->notif.maker == MAKER_KERNEL)
		job_end(job, END_ERROR, -EACCES);
	else
		perform(job, performed);
}

/* @final: it was asked about already; what is not allowed now is denied */
static void act(struct job *job, bool final)
{
	struct judged_detail detail;
	const enum action action = judge_job(job, &detail);

	learn_fast_lookup(job->seccomp, &job->notif, action);
	if (job->notif.looked_up_fast && action != ACTION_NATIVE) {
		settle(job);
		return;
	}
	if (action == ACTION_NATIVE || action == ACTION_PERFORM)
		account_allowed(job, final);
	switch (action) {
	case ACTION_NATIVE:
		end_native(job);
		break;
	case ACTION_PERFORM:
		perform(job, performed);
		break;
	case ACTION_ASK:
		if (belongings_cover(job, &detail)) {
			account_allowed(job, final);
			perform(job, performed);
		} else if (final) {
			job_end(job, END_ERROR, detail.error);
		} else if (worth_asking(job)) {
			ask(job, &detail);
		}
		break;
	case ACTION_DENY:
		if (final || worth_asking(job))
			refuse(job, &detail);
		break;
	}
}

/* Objects are pinned: what becomes of it? */
static void decide(struct job *job, bool final)
{
	const struct notif *notif = &job->notif;

	job_enter(job, JOB_JUDGED);
	if (notif->maker == MAKER_SUPERVISOR) {
		if (worth_asking(job))
			add_nest(job);
	} else if (notif->accesses.count == 0) {
		/* A fast lookup holds nothing that anything could be done with.
		 */
		if (notif->looked_up_fast)
			settle(job);
		else
			perform(job, performed);
	} else if (final || job->nests || notif->accesses.impossible ||
		   !ask_nests(job)) {
		act(job, final);
	}
}

void life_answered(struct job *job, enum answer answer)
{
	switch (answer) {
	case ANSWER_ALLOW_ONCE:
		account_allowed(job, true);
		perform(job, performed);
		break;
	case ANSWER_RETRY:
		decide(job, true);
		break;
	case ANSWER_DENY:
		job_end(job, END_ERROR, job->pending.refusal);
		break;
	}
}

/* Goes on with what performing it came to. */
static void performed(struct job *job, int result)
{
	if (result >= 0 && result != STEP_AGAIN)
		belongings_note(job);
	if (job->notif.raises)
		job_raise(job);
	if (result == STEP_AGAIN && ++job->races <= RACES_MAX) {
		notif_forget(&job->notif);
		/* Other objects: nobody has agreed to these. */
		job->nests = 0;
		job->nest_performs = false;
		resolve(job);
	} else if (result == STEP_AGAIN) {
		job_end(job, END_ERROR, -EACCES);
	} else if (result < 0) {
		job_end(job, END_ERROR,
			exhaustion_report(&job->seccomp->exhaustion, result));
	} else if (job->notif.maker == MAKER_EXCHANGE) {
		job_end(job, END_REPLACED, 0);
	} else {
		job_end(job, job->notif.result_fd >= 0 ? END_FD : END_VALUE, 0);
	}
}
