/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/replay_engine.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "supervision/ask.h"
#include "supervision/registration.h"

/* --- What comes of requests -------------------------------------- */

static int set_verdict(struct replay_fate *fate,
		       const struct replay_verdict *verdict)
{
	char *who = NULL;
	const int error = text_copy(&who, verdict->who);

	if (error)
		return error;
	free(fate->who);
	fate->who = who;
	fate->verdict = *verdict;
	fate->verdict.who = who;
	return 0;
}

int replay_fate_set(struct replay_fate *fate,
		    const struct replay_verdict *verdict)
{
	const int error = set_verdict(fate, verdict);

	fate->known = !error;
	return error;
}

void replay_fate_finish(struct replay_fate *fate)
{
	free(fate->who);
	*fate = (struct replay_fate){0};
}

/* --- From the decider -------------------------------------------- */

static int engine_commit(void *userdata, struct ruleset *ruleset)
{
	struct replay_engine *engine = userdata;

	ruleset_unref(engine->ruleset);
	engine->ruleset = ruleset_ref(ruleset);
	return 0;
}

static void engine_decided(void *userdata, uint64_t id,
			   const struct decision *decision,
			   enum undecided undecided)
{
	struct replay_engine *engine = userdata;
	struct replay_fate *fate = engine->find(engine->userdata, id);
	struct replay_verdict verdict = {REPLAY_ASK,
					 trace_by_undecided(undecided), NULL};

	if (!fate || fate->known)
		return;
	if (!undecided) {
		verdict.outcome = decision->outcome == OUTCOME_ALLOW
					  ? REPLAY_ALLOW
					  : REPLAY_DENY;
		verdict.who = decision->agent;
	}
	/* Without memory it is not known who it was. */
	if (set_verdict(fate, &verdict) < 0)
		fate->verdict = (struct replay_verdict){verdict.outcome,
							TRACE_BY_UNKNOWN, NULL};
	fate->decided = true;
}

/* Judged again, by what is in force by now. */
static void judge_again(struct replay_engine *engine, struct replay_fate *fate)
{
	const struct replay_verdict verdict =
		replay_engine_judge(engine, fate->request);

	if (set_verdict(fate, &verdict) < 0)
		fate->verdict = (struct replay_verdict){verdict.outcome,
							TRACE_BY_UNKNOWN, NULL};
}

static void engine_answer(void *userdata, uint64_t id, enum answer answer)
{
	struct replay_engine *engine = userdata;
	struct replay_fate *fate = engine->find(engine->userdata, id);

	if (!fate || fate->known)
		return;
	if (!fate->decided && answer == ANSWER_RETRY)
		judge_again(engine, fate);
	fate->known = true;
}

static const struct decider_events engine_events = {
	.commit = engine_commit,
	.answer = engine_answer,
	.decided = engine_decided,
};

/* --- Its life ---------------------------------------------------- */

int replay_engine_open(struct replay_engine *engine, struct registry *registry,
		       const char *app, struct agent *agent)
{
	static const char *const none[] = {NULL};
	const struct domain_info info = {
		.app = app,
		.command = none,
		.engine = "replay",
		.monitor_pid = getpid(),
		.policy_files = none,
	};
	const struct domain_options options = {
		.info = &info,
		.events = &engine_events,
		.engine = engine,
		.own_agent = agent,
		.timeout_seconds = -1, /* what was too late then is so again */
	};

	return domain_register(registry, &options, &engine->domain, NULL);
}

void replay_engine_close(struct replay_engine *engine)
{
	engine->domain = domain_unregister(engine->domain);
	ruleset_unref(engine->ruleset);
	engine->ruleset = NULL;
}

/* --- To the decider ---------------------------------------------- */

/* Where the rule is from that decides the first of some rights. */
static const char *explain(const struct replay_engine *engine,
			   const struct access *access, rights_t rights,
			   const struct subject *subject)
{
	const struct rule *rule =
		ruleset_why(engine->ruleset, &access->object, rights & -rights,
			    subject_process(subject));

	return rule ? rule->origin : NULL;
}

struct replay_verdict replay_engine_judge(const struct replay_engine *engine,
					  const struct request *request)
{
	const struct subject *subject = &request->subject;
	struct replay_verdict ret = {REPLAY_ALLOW, TRACE_BY_RULE, NULL};

	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		const struct judgement judgement = ruleset_judge(
			engine->ruleset, &access->object, access->missing,
			subject_process(subject));

		if (judgement.denied)
			return (struct replay_verdict){
				REPLAY_DENY, TRACE_BY_RULE,
				explain(engine, access, judgement.denied,
					subject)};
		if (judgement.asked)
			ret.outcome = REPLAY_ASK;
		else if (!ret.who)
			ret.who = explain(engine, access, access->missing,
					  subject);
	}
	if (ret.outcome == REPLAY_ASK)
		ret = (struct replay_verdict){REPLAY_ASK, TRACE_BY_NOBODY,
					      NULL};
	return ret;
}

int replay_engine_ask(struct replay_engine *engine, struct replay_fate *fate)
{
	const struct replay_verdict nobody = {REPLAY_ASK, TRACE_BY_NOBODY,
					      NULL};
	struct request request = *fate->request; /* what it owns stays there */
	int error;

	/* Generations are those of this engine. */
	request.generation = ruleset_generation(engine->ruleset);
	error = domain_ask(engine->domain, &request);
	if (!error || error == -ENOMEM)
		return error;
	return replay_fate_set(fate, &nobody);
}
