/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/replay_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int replay_run_new(struct replay_run **ret,
		   const struct replay_options *options,
		   struct replay_counts *counts, const char *name,
		   const struct trace_header *header)
{
	struct replay_run *run = calloc(1, sizeof(*run));
	const struct replay_policy *policy = NULL;
	struct rules none = {0};
	int error;

	if (!run)
		return -ENOMEM;
	run->options = options;
	run->counts = counts;
	error = text_copy(&run->name, name);
	if (!error)
		error = text_copy(&run->app, header->app ? header->app : "");
	if (!error)
		error = text_copy(&run->home, header->home);
	if (!error)
		error = options->policy(options->userdata, header, &policy);
	run->recorded = !policy;
	if (!error && !policy)
		error = replay_policy_new(&run->empty, &none);
	if (!error)
		error = replay_rules_new(&run->rules,
					 policy ? policy : run->empty);
	if (error) {
		replay_run_free(run);
		return error;
	}
	counts->runs++;
	*ret = run;
	return 0;
}

struct replay_run *replay_run_free(struct replay_run *run)
{
	if (!run)
		return NULL;
	replay_opens_finish(&run->open);
	rules_finish(&run->later);
	replay_rules_free(run->rules);
	replay_policy_free(run->empty);
	free(run->name);
	free(run->app);
	free(run->home);
	free(run);
	return NULL;
}

static int64_t seconds(const struct trace_entry *entry)
{
	return entry->time / 1000000;
}

/* --- Judging ----------------------------------------------------- */

/* Where the rule is from that decides the first of some rights. */
static const char *explain(const struct ruleset *ruleset,
			   const struct access *access, rights_t rights,
			   const struct subject *subject)
{
	const struct rule *rule =
		ruleset_why(ruleset, &access->object, rights & -rights,
			    subject_process(subject));

	return rule ? rule->origin : NULL;
}

/*
 * What the rules say of a request: one refusal refuses it, and a question
 * about one of its objects is one about all.
 * @ret: its @who is the ruleset's
 */
static int judge(struct replay_run *run, const struct request *request,
		 int64_t now, struct replay_verdict *ret)
{
	const struct subject *subject = &request->subject;

	*ret = (struct replay_verdict){REPLAY_ALLOW, TRACE_BY_RULE, NULL};
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		const struct ruleset *ruleset;
		struct judgement judgement;
		const int error = replay_rules_for(run->rules, &access->object,
						   now, &ruleset);

		if (error)
			return error;
		judgement =
			ruleset_judge(ruleset, &access->object, access->missing,
				      subject_process(subject));
		if (judgement.denied) {
			ret->outcome = REPLAY_DENY;
			ret->who = explain(ruleset, access, judgement.denied,
					   subject);
			return 0;
		}
		if (judgement.asked)
			ret->outcome = REPLAY_ASK;
		else if (!ret->who)
			ret->who = explain(ruleset, access, access->missing,
					   subject);
	}
	if (ret->outcome == REPLAY_ASK) {
		ret->by = TRACE_BY_NOBODY;
		ret->who = NULL;
	}
	return 0;
}

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
	run->counts->judged++;
	run->options->judged(run->options->userdata, result);
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

/* Lets the rules of a decision come into force. */
static int apply_decision(struct replay_run *run,
			  const struct decision *decision,
			  const struct request *request, int64_t now)
{
	struct rules rules = {0};
	int error;

	if (run->options->policy_only)
		return 0;
	error = run->options->rules(decision, request, now, &rules);
	if (!error)
		error = replay_rules_add(run->rules, &rules);
	rules_finish(&rules);
	return error;
}

/* Asks who answers now. */
static int answer_now(struct replay_run *run, const struct request *request,
		      int64_t now, struct decision *ret)
{
	*ret = (struct decision){.unanswered = true};
	return run->options->answer(run->options->userdata, request, now, ret);
}

/* --- Commits ----------------------------------------------------- */

/* What no decision has claimed was somebody else's doing, and counts. */
static int apply_later(struct replay_run *run)
{
	int error = 0;

	if (run->later.count == 0)
		return 0;
	if (!run->options->answer && !run->options->policy_only)
		error = replay_rules_add(run->rules, &run->later);
	rules_finish(&run->later);
	return error;
}

static bool is_made_by(const struct rule *rule, const struct rules *made)
{
	for (size_t i = 0; i < made->count; i++)
		if (made->items[i].effect == rule->effect &&
		    made->items[i].beneath == rule->beneath &&
		    object_equal(&made->items[i].object, &rule->object))
			return true;
	return false;
}

/* A decision comes behind the commit of its rules, and makes them itself. */
static int claim(struct replay_run *run, const struct trace_decision *decision)
{
	const struct replay_open *open =
		replay_opens_find(&run->open, decision->id);
	struct rules made = {0}, *later = &run->later;
	int error;

	if (!open || later->count == 0)
		return 0;
	error = run->options->rules(&decision->decision,
				    &open->entry.request.request, 0, &made);
	for (size_t i = later->count; !error && i-- > 0;) {
		if (!is_made_by(&later->items[i], &made))
			continue;
		rule_finish(&later->items[i]);
		later->items[i] = later->items[--later->count];
	}
	rules_finish(&made);
	return error;
}

/* --- Entries ----------------------------------------------------- */

static void tell_fixed(struct replay_run *run, const struct trace_entry *entry,
		       const struct trace_place *place,
		       const struct replay_verdict *old)
{
	const struct replay_result result =
		result_of(run, entry, place, old, old);

	run->counts->fixed++;
	if (run->options->fixed)
		run->options->fixed(run->options->userdata, &result);
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
	struct decision decision = {0};
	struct replay_result result;
	struct replay_verdict new;
	int error;

	/* No policy lifts a built-in rule; some are about the run's own files.
	 */
	if (traced->reason || (!allowed && traced->rule &&
			       strcmp(traced->rule, "built in") == 0)) {
		tell_fixed(run, entry, place, &old);
		return 0;
	}
	error = judge(run, &traced->request, seconds(entry), &new);
	if (!error && new.outcome == REPLAY_ASK && run->options->answer) {
		error = answer_now(run, &traced->request, seconds(entry),
				   &decision);
		if (!error)
			error = apply_decision(run, &decision, &traced->request,
					       seconds(entry));
		new = verdict_of(&decision);
	}
	if (!error) {
		result = result_of(run, entry, place, &old, &new);
		tell(run, &result);
	}
	decision_finish(&decision);
	return error;
}

static int take_request(struct replay_run *run, struct trace_entry *entry,
			const struct trace_place *place)
{
	struct replay_open *open;
	int error;

	if (run->open.count >= REPLAY_OPEN_MAX ||
	    replay_opens_find(&run->open, entry->request.request.id)) {
		run->counts->stray++;
		return 0;
	}
	open = calloc(1, sizeof(*open));
	if (!open)
		return -ENOMEM;
	error = judge(run, &entry->request.request, seconds(entry),
		      &open->asked);
	if (!error)
		error = text_copy(&open->asked_who, open->asked.who);
	open->asked.who = open->asked_who;
	open->entry = *entry;
	open->place = *place;
	*entry = (struct trace_entry){0};
	if (!error)
		error = replay_opens_add(&run->open, open);
	if (error)
		replay_open_free(open);
	return error;
}

static int take_decision(struct replay_run *run, struct trace_entry *entry)
{
	struct replay_open *open =
		replay_opens_find(&run->open, entry->decision.id);

	if (!open || open->decided) {
		run->counts->stray++;
		return 0;
	}
	open->decided = true;
	open->decision = *entry;
	*entry = (struct trace_entry){0};
	return 0;
}

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

/* Whether it was a person's, and can be given again. */
static bool is_answer(const struct replay_open *open)
{
	return open->decided && open->decision.decision.by != TRACE_BY_RULE;
}

/* A question that no rule has decided yet gets its answer. */
static int decide(struct replay_run *run, struct replay_open *open,
		  const struct replay_verdict *old, int64_t now,
		  struct decision *scripted, struct replay_verdict *ret)
{
	const struct request *request = &open->entry.request.request;
	const struct decision *decision = scripted;
	int error;

	/* A rule may have come meanwhile that decides for all who wait. */
	error = judge(run, request, now, ret);
	if (error || ret->outcome != REPLAY_ASK)
		return error;
	if (run->options->answer) {
		error = answer_now(run, request, now, scripted);
		if (error)
			return error;
		*ret = verdict_of(scripted);
	} else if (is_answer(open)) {
		decision = &open->decision.decision.decision;
		*ret = *old;
	} else {
		/* Only what it came to is known. */
		if (!open->decided)
			*ret = *old;
		return 0;
	}
	return apply_decision(run, decision, request, now);
}

/*
 * The end of a request.
 * @answer: NULL: it has none
 * @time: of that, in microseconds
 */
static int settle(struct replay_run *run, struct replay_open *open,
		  const enum answer *answer, int64_t time)
{
	const struct replay_verdict old = old_verdict(open, answer);
	struct replay_verdict new = open->asked;
	struct decision scripted = {0};
	struct replay_result result;
	int error = 0;

	if (new.outcome == REPLAY_ASK)
		error = decide(run, open, &old, time / 1000000, &scripted,
			       &new);
	if (!error) {
		result = result_of(run, &open->entry, &open->place, &old, &new);
		result.answered = answer ? time : 0;
		tell(run, &result);
	}
	decision_finish(&scripted);
	replay_open_free(open);
	return error;
}

static int take_answer(struct replay_run *run, const struct trace_entry *entry)
{
	struct replay_open *open =
		replay_opens_remove(&run->open, entry->answer.id);
	int error = 0;

	if (!open) {
		run->counts->stray++;
		return 0;
	}
	/* It was a rule that answered, from wherever. */
	if (!open->decided && entry->answer.answer == ANSWER_RETRY)
		error = apply_later(run);
	if (!error)
		return settle(run, open, &entry->answer.answer, entry->time);
	replay_open_free(open);
	return error;
}

static void take_withdraw(struct replay_run *run, uint64_t id)
{
	struct replay_open *open = replay_opens_remove(&run->open, id);

	if (!open) {
		run->counts->stray++;
		return;
	}
	run->counts->withdrawn++;
	replay_open_free(open);
}

/* The rules that end with the run; of a policy alone, none to learn by. */
static int add_session(struct replay_run *run, const struct rules *session)
{
	struct rules rules = {0};
	int error = 0;

	if (!run->options->policy_only)
		return replay_rules_add(run->rules, session);
	for (size_t i = 0; !error && i < session->count; i++) {
		const struct rule *rule = &session->items[i];
		struct rule copy = *rule; /* what it owns is the entry's */

		if (!rule->origin || strcmp(rule->origin, TRACE_LEARNING) != 0)
			error = rules_take(&rules, &copy);
	}
	if (!error)
		error = replay_rules_add(run->rules, &rules);
	free(rules.items);
	return error;
}

static int take_commit(struct replay_run *run,
		       const struct trace_commit *commit)
{
	const bool first = !run->committed;
	int error = 0;

	if (commit->error)
		return 0;
	run->committed = !commit->more || run->committed;
	if (first) {
		if (run->recorded)
			error = replay_rules_add(run->rules, &commit->added);
		if (!error)
			error = add_session(run, &commit->session);
		return error;
	}
	replay_rules_remove(run->rules, &commit->removed);
	error = rules_append(&run->later, &commit->session);
	if (!error && run->recorded)
		error = rules_append(&run->later, &commit->added);
	return error;
}

int replay_run_take(struct replay_run *run, struct trace_entry *entry,
		    const struct trace_place *place)
{
	int error = 0;

	switch (entry->event) {
	case TRACE_REQUEST:
		error = apply_later(run);
		return error ? error : take_request(run, entry, place);
	case TRACE_ALLOWED:
	case TRACE_REFUSED:
		error = apply_later(run);
		return error ? error : take_judged(run, entry, place);
	case TRACE_DECISION:
		error = entry->decision.by == TRACE_BY_RULE
				? apply_later(run)
				: claim(run, &entry->decision);
		return error ? error : take_decision(run, entry);
	case TRACE_ANSWER:
		return take_answer(run, entry);
	case TRACE_WITHDRAW:
		take_withdraw(run, entry->id);
		return 0;
	case TRACE_COMMIT:
		error = apply_later(run);
		return error ? error : take_commit(run, &entry->commit);
	case TRACE_LOST:
		run->counts->lost += entry->lost;
		return 0;
	default:
		return 0;
	}
}

int replay_run_end(struct replay_run *run)
{
	int error = 0;

	while (!error && run->open.count > 0) {
		struct replay_open *open = run->open.items[--run->open.count];

		error = settle(run, open, NULL, open->entry.time);
	}
	return error;
}
