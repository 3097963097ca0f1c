/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/replay_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "replay/replay_answers.h"
#include "replay/replay_commit.h"
#include "supervision/ask.h"
#include "supervision/inquiry.h"
#include "supervision/supervisor.h"

/* What has no number of its own has this one, which no trace can have. */
#define JUDGING_ID UINT64_MAX

static struct replay_fate *find_fate(void *userdata, uint64_t id)
{
	const struct replay_run *run = userdata;
	struct replay_open *open;

	if (id == JUDGING_ID)
		return run->judging;
	open = replay_opens_find(&run->open, id);
	return open ? &open->fate : NULL;
}

int replay_run_new(struct replay_run **ret, struct replay_world *world,
		   const char *name, const struct trace_header *header)
{
	const bool named = header->app && *header->app;
	struct replay_run *run = calloc(1, sizeof(*run));
	int error;

	if (!run)
		return -ENOMEM;
	run->world = world;
	run->engine.find = find_fate;
	run->engine.userdata = run;
	error = text_copy(&run->name, name);
	if (!error)
		error = text_copy(&run->app, named ? header->app : "");
	if (!error)
		error = text_copy(&run->home, header->home);
	if (!error)
		/* Only what is for every app can be for one not known. */
		error = replay_engine_open(
			&run->engine, &world->supervisor->registry,
			named ? header->app : "unknown", world->options->agent);
	if (error) {
		replay_run_free(run);
		return error;
	}
	world->counts.runs++;
	*ret = run;
	return 0;
}

struct replay_run *replay_run_free(struct replay_run *run)
{
	if (!run)
		return NULL;
	replay_engine_close(&run->engine);
	replay_opens_finish(&run->open);
	rules_finish(&run->later);
	free(run->name);
	free(run->app);
	free(run->home);
	free(run);
	return NULL;
}

/* --- Results ----------------------------------------------------- */

static struct replay_result result_of(const struct replay_run *run,
				      const struct trace_entry *entry,
				      const struct trace_place *place,
				      const struct replay_verdict *old,
				      const struct replay_verdict *new)
{
	return (struct replay_result){
		.place = *place,
		.time = entry->time,
		.run = run->name,
		.app = run->app,
		.home = run->home,
		.request = &entry->request,
		.old = *old,
		.new = *new,
	};
}

static void tell(struct replay_run *run, const struct replay_result *result)
{
	run->world->counts.judged++;
	run->world->options->judged(run->world->options->userdata, result);
}

static struct replay_verdict verdict_of(const struct decision *decision)
{
	return (struct replay_verdict){
		.outcome = decision->outcome == OUTCOME_ALLOW ? REPLAY_ALLOW
			   : decision->unanswered	      ? REPLAY_ASK
							      : REPLAY_DENY,
		.by = TRACE_BY_AGENT,
		.who = decision->agent,
	};
}

static void tell_fixed(struct replay_run *run, const struct trace_entry *entry,
		       const struct trace_place *place,
		       const struct replay_verdict *old)
{
	const struct replay_result result =
		result_of(run, entry, place, old, old);

	run->world->counts.fixed++;
	if (run->world->options->fixed)
		run->world->options->fixed(run->world->options->userdata,
					   &result);
}

/*
 * Whether a verdict is known, once whoever is to give it has had the time. A
 * person is waited for: the clock of the trace stands still meanwhile.
 */
static void wait_for(struct replay_run *run, const struct replay_fate *fate)
{
	while (!fate->known && run->world->options->agent &&
	       event_base_loop(run->world->loop, EVLOOP_ONCE) == 0)
		;
}

/* Puts what nobody was asked then to who answers now. */
static int ask_now(struct replay_run *run, const struct request *request,
		   struct replay_fate *fate)
{
	struct request copy = *request; /* what it owns stays there */
	int error;

	copy.id = JUDGING_ID;
	fate->request = &copy;
	run->judging = fate;
	error = replay_engine_ask(&run->engine, fate);
	if (!error)
		wait_for(run, fate);
	if (!error && !fate->known)
		domain_withdraw(run->engine.domain, JUDGING_ID);
	run->judging = NULL;
	fate->request = NULL;
	return error;
}

/* What was decided without a question, by a rule or an engine. */
static int take_judged(struct replay_run *run, const struct trace_entry *entry,
		       const struct trace_place *place)
{
	const struct trace_request *traced = &entry->request;
	const bool allowed = entry->event == TRACE_ALLOWED;
	const struct replay_verdict old = {
		.outcome = allowed ? REPLAY_ALLOW : REPLAY_DENY,
		.by = traced->reason ? TRACE_BY_ENGINE : TRACE_BY_RULE,
		.who = traced->reason ? traced->reason : traced->rule,
	};
	struct replay_fate fate = {0};
	struct replay_result result;
	struct replay_verdict new;
	int error = 0;

	/* No policy lifts a built-in rule; some are about the run's own files.
	 */
	if (traced->reason || (!allowed && traced->rule &&
			       strcmp(traced->rule, "built in") == 0)) {
		tell_fixed(run, entry, place, &old);
		return 0;
	}
	new = replay_engine_judge(&run->engine, &traced->request);
	if (new.outcome == REPLAY_ASK && run->world->options->agent) {
		error = ask_now(run, &traced->request, &fate);
		if (fate.known)
			new = fate.verdict;
	}
	if (!error) {
		result = result_of(run, entry, place, &old, &new);
		tell(run, &result);
	}
	replay_fate_finish(&fate);
	return error;
}

/* --- Questions --------------------------------------------------- */

/* What became of it then. @answer: NULL: nothing, the trace ends */
static struct replay_verdict old_verdict(const struct replay_open *open,
					 const enum answer *answer)
{
	const struct trace_decision *decision = &open->decision.decision;
	struct replay_verdict old = {REPLAY_ASK, TRACE_BY_NOBODY, NULL};

	if (open->decided) {
		old = verdict_of(&decision->decision);
		old.by = decision->by;
		if (decision->by == TRACE_BY_RULE)
			old.who = decision->rule;
		return old;
	}
	if (!answer)
		return old;
	old.by = TRACE_BY_UNKNOWN;
	/* Judged again, and that went well: else there would be a decision. */
	old.outcome = *answer == ANSWER_DENY ? REPLAY_DENY : REPLAY_ALLOW;
	return old;
}

/* Whether those of then answer. */
static bool is_as_then(const struct replay_run *run)
{
	return run->world->answers != NULL;
}

/* What is to be said of a question that the trace has come to the end of. */
static struct replay_verdict new_verdict(const struct replay_run *run,
					 const struct replay_open *open,
					 const struct replay_verdict *old)
{
	const struct trace_decision *decision = &open->decision.decision;
	const struct replay_fate *fate = &open->fate;
	const struct replay_verdict nobody = {REPLAY_ASK, TRACE_BY_NOBODY,
					      NULL};

	if (!is_as_then(run))
		return fate->known ? fate->verdict : nobody;
	/* The same answer: by whom and why is known better from the trace. */
	if (fate->decided)
		return fate->verdict.outcome == old->outcome ? *old
							     : fate->verdict;
	if (fate->known)
		return fate->verdict;
	/* Only what it came to is known; a rule that decided then does not. */
	return open->decided && decision->by == TRACE_BY_RULE ? nobody : *old;
}

/*
 * The end of a request, which is no longer among the open ones.
 * @answer: NULL: it has none
 * @time: of that, in microseconds
 */
static void settle(struct replay_run *run, struct replay_open *open,
		   const enum answer *answer, int64_t time)
{
	const struct replay_verdict old = old_verdict(open, answer);
	const struct replay_verdict new = new_verdict(run, open, &old);
	struct replay_result result =
		result_of(run, &open->entry, &open->place, &old, &new);

	if (!open->fate.known)
		domain_withdraw(run->engine.domain,
				open->entry.request.request.id);
	result.answered = answer ? time : 0;
	tell(run, &result);
	replay_open_free(open);
}

/* The line with its answer is lost. */
static void settle_oldest(struct replay_run *run)
{
	struct replay_open *oldest = run->open.items[0];

	run->world->counts.stray++;
	replay_opens_remove(&run->open, oldest->entry.request.request.id);
	settle(run, oldest, NULL, oldest->entry.time);
}

/* Judges it, and puts it where that leaves something open. */
static int begin(struct replay_run *run, struct replay_open *open)
{
	const struct replay_verdict asked =
		replay_engine_judge(&run->engine, open->fate.request);

	/* By a policy alone nobody is there to be asked. */
	if (asked.outcome != REPLAY_ASK || run->world->options->policy_only)
		return replay_fate_set(&open->fate, &asked);
	while (run->engine.domain->inquiries_count >= REPLAY_QUESTIONS_MAX &&
	       run->open.items[0] != open)
		settle_oldest(run);
	return replay_engine_ask(&run->engine, &open->fate);
}

static int take_request(struct replay_run *run, struct trace_entry *entry,
			const struct trace_place *place)
{
	const uint64_t id = entry->request.request.id;
	struct replay_open *open;

	if (id == JUDGING_ID || run->open.count >= REPLAY_OPEN_MAX ||
	    replay_opens_find(&run->open, id)) {
		run->world->counts.stray++;
		return 0;
	}
	open = calloc(1, sizeof(*open));
	if (!open)
		return -ENOMEM;
	open->entry = *entry;
	open->place = *place;
	open->fate.request = &open->entry.request.request;
	*entry = (struct trace_entry){0};
	if (replay_opens_add(&run->open, open) < 0) {
		replay_open_free(open);
		return -ENOMEM;
	}
	return begin(run, open);
}

/* Says again what was said then. */
static void answer_as_then(struct replay_run *run,
			   const struct replay_open *open)
{
	const struct inquiry *inquiry =
		inquiry_find(run->engine.domain, open->fate.request);

	if (inquiry)
		replay_answers_give(run->world->answers, inquiry->id,
				    &open->decision.decision.decision);
}

static void take_decision(struct replay_run *run, struct trace_entry *entry)
{
	struct replay_open *open =
		replay_opens_find(&run->open, entry->decision.id);

	if (!open || open->decided) {
		run->world->counts.stray++;
		return;
	}
	open->decided = true;
	open->decision = *entry;
	*entry = (struct trace_entry){0};
	/* A rule that decided then does so again, if it is there. */
	if (is_as_then(run) && !open->fate.known &&
	    open->decision.decision.by != TRACE_BY_RULE)
		answer_as_then(run, open);
}

static int take_answer(struct replay_run *run, const struct trace_entry *entry)
{
	struct replay_open *open =
		replay_opens_find(&run->open, entry->answer.id);
	int error = 0;

	if (!open) {
		run->world->counts.stray++;
		return 0;
	}
	/* It was a rule that answered, from wherever. */
	if (!open->decided && entry->answer.answer == ANSWER_RETRY)
		error = replay_commit_apply(run);
	if (error)
		return error;
	wait_for(run, &open->fate);
	replay_opens_remove(&run->open, entry->answer.id);
	settle(run, open, &entry->answer.answer, entry->time);
	return 0;
}

static void take_withdraw(struct replay_run *run, uint64_t id)
{
	struct replay_open *open = replay_opens_remove(&run->open, id);

	if (!open) {
		run->world->counts.stray++;
		return;
	}
	if (!open->fate.known)
		domain_withdraw(run->engine.domain, id);
	run->world->counts.withdrawn++;
	replay_open_free(open);
}

/* --- Entries ----------------------------------------------------- */

/* A decision by a rule, or one that has made some. */
static int prepare_decision(struct replay_run *run,
			    const struct trace_decision *decision)
{
	const struct replay_open *open =
		replay_opens_find(&run->open, decision->id);

	if (decision->by == TRACE_BY_RULE)
		return replay_commit_apply(run);
	return open ? replay_commit_claim(run, decision, open->fate.request)
		    : 0;
}

int replay_run_take(struct replay_run *run, struct trace_entry *entry,
		    const struct trace_place *place)
{
	int error = 0;

	switch (entry->event) {
	case TRACE_REQUEST:
		error = replay_commit_apply(run);
		return error ? error : take_request(run, entry, place);
	case TRACE_ALLOWED:
	case TRACE_REFUSED:
		error = replay_commit_apply(run);
		return error ? error : take_judged(run, entry, place);
	case TRACE_DECISION:
		error = prepare_decision(run, &entry->decision);
		if (!error)
			take_decision(run, entry);
		return error;
	case TRACE_ANSWER:
		return take_answer(run, entry);
	case TRACE_WITHDRAW:
		take_withdraw(run, entry->id);
		return 0;
	case TRACE_COMMIT:
		error = replay_commit_apply(run);
		return error ? error : replay_commit_take(run, &entry->commit);
	case TRACE_LOST:
		run->world->counts.lost += entry->lost;
		return 0;
	default:
		return 0;
	}
}

int replay_run_end(struct replay_run *run)
{
	while (run->open.count > 0) {
		struct replay_open *open = run->open.items[--run->open.count];

		settle(run, open, NULL, open->entry.time);
	}
	return 0;
}
