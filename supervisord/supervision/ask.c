/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests come in, are put, and are answered.
 */
#include "supervision/ask.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "plugin/plugin_rules.h"
#include "plugin/request_json.h"
#include "supervision/commit.h"
#include "supervision/decide.h"

/* --- Requests ---------------------------------------------------- */

/* A question that is denied without being put. */
static int refuse_question(struct domain *domain, const struct request *request,
			   const char *reason)
{
	json_t *fields = request_json(request);

	if (fields) {
		json_object_set_new(fields, "reason", json_string(reason));
		domain_note(domain, "unanswered", fields);
	}
	domain->denied++;
	if (domain->events->decided)
		domain->events->decided(domain->engine, request->id, NULL,
					UNDECIDED_LIMIT);
	domain->events->answer(domain->engine, request->id, ANSWER_DENY);
	return 0;
}

/* Whether a question may be put. Returns: NULL, or why not. */
static const char *admit(struct domain *domain)
{
	/* What bothered a person then, nobody is bothered with now. */
	if (domain->registry->past)
		return NULL;
	if (domain->inquiries_count >= domain->inquiries_max)
		return "too many questions";
	switch (ratelimit_take(&domain->ratelimit,
			       clock_boot(domain->registry->clock))) {
	case RATELIMIT_PASS:
		return NULL;
	case RATELIMIT_BEGINS:
		log_notice("%s asks too much: what it asks is denied until it "
			   "has been quiet for %d seconds; see `landlord "
			   "pending`",
			   domain->app, RATELIMIT_QUIET_MS / 1000);
		domain_note(domain, "flood", NULL);
		return "flood";
	case RATELIMIT_DENY:
		break;
	}
	return "flood";
}

/* Whether somebody was sent for who is still to come. */
static bool is_awaited(struct inquiry *inquiry)
{
	struct registry *registry = inquiry->domain->registry;

	if (!registry->summon || !registry->summon(registry->summon_userdata))
		return false;
	inquiry_await(inquiry, true);
	return true;
}

/* Nobody is there, and nobody will come. */
static void give_up(struct inquiry *inquiry)
{
	const struct policy_settings *const settings =
		&inquiry->domain->profile->shared->policy.settings;

	/* Until the deadline, or until an agent subscribes. */
	if (settings->no_agent == NO_AGENT_WAIT && inquiry->deadline &&
	    settings->answers != ANSWERS_NOBODY)
		return;
	inquiry->domain->denied++;
	inquiry_note(inquiry, "unanswered", "no agent", NULL);
	inquiry_tell(inquiry, NULL, UNDECIDED_NOBODY);
	inquiry_finish(inquiry, ANSWER_DENY);
}

/* Nobody could be asked. */
static void unanswerable(struct inquiry *inquiry)
{
	if (!is_awaited(inquiry))
		give_up(inquiry);
}

/*
 * Puts it to the plugins, from where it stands in the chain.
 * @ruleset: that may have decided it meanwhile; NULL: none has
 */
static void put(struct inquiry *inquiry, const struct ruleset *ruleset)
{
	struct domain *domain = inquiry->domain;
	const struct question question = inquiry_question(inquiry);
	const struct plugin_query query = {
		.question = &question,
		.ruleset = ruleset,
		.own_agent = domain->own_agent,
		.answers = domain->profile->shared->policy.settings.answers,
	};
	struct decision decision = {0};

	inquiry->state = INQUIRY_PUT;
	if (query.answers == ANSWERS_NOBODY) {
		unanswerable(inquiry);
		return;
	}
	switch (plugin_chain_decide(&domain->registry->chain, &inquiry->plugin,
				    &query, &decision)) {
	case PLUGIN_PASS:
		unanswerable(inquiry);
		break;
	case PLUGIN_RETRY:
		inquiry_note(inquiry, "settled", NULL, NULL);
		inquiry_finish(inquiry, ANSWER_RETRY);
		break;
	case PLUGIN_PENDING:
		break;
	case PLUGIN_DECIDED:
		inquiry_decide(inquiry, &decision);
		decision_finish(&decision);
		break;
	}
}

int domain_ask(struct domain *domain, const struct request *request)
{
	struct inquiry *inquiry = inquiry_find(domain, request);
	const char *refusal;
	int error;

	domain->asked++;
	if (inquiry)
		return inquiry_join(inquiry, request);
	refusal = admit(domain);
	if (refusal)
		return refuse_question(domain, request, refusal);
	error = inquiry_new(&inquiry, domain, request);
	if (error)
		return error;
	/* What is on its way into force may be the answer. */
	if (domain->inflight || domain->settling)
		return 0;
	/* What a newer generation lets through is only asked again. */
	put(inquiry, request->generation < domain->committed_generation
			     ? domain->committed
			     : NULL);
	return 0;
}

void domain_withdraw(struct domain *domain, uint64_t request_id)
{
	struct inquiry *inquiry;

	TAILQ_FOREACH (inquiry, &domain->inquiries, link)
		for (size_t i = 0; i < inquiry->waiters_count; i++)
			if (inquiry->waiters[i].request_id == request_id) {
				inquiry_leave(inquiry, request_id);
				return;
			}
}

void domain_refused(struct domain *domain, const struct request *request,
		    const char *reason)
{
	json_t *fields;

	domain->denied++;
	/* A program that tries in a loop must not push all else out. */
	if (ratelimit_take(&domain->refusals,
			   clock_boot(domain->registry->clock)) !=
	    RATELIMIT_PASS)
		return;
	fields = request_json(request);
	if (fields && reason)
		json_object_set_new(fields, "reason", json_bytes(reason));
	domain_note(domain, "refused", fields);
}

/* --- Plugins ----------------------------------------------------- */

/* Puts what is held, if nothing is on its way that may decide it. */
static void put_held(struct domain *domain)
{
	struct inquiry *inquiry;

	do {
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->state == INQUIRY_HELD)
				break;
		if (inquiry && !domain->inflight)
			put(inquiry, domain->committed);
	} while (inquiry && !domain->inflight);
}

static void on_complete(void *userdata, struct plugin *plugin,
			uint64_t question_id, enum plugin_reply verdict,
			const struct decision *decision)
{
	struct registry *registry = userdata;
	struct inquiry *inquiry = inquiry_by_id(registry, question_id);
	struct domain *domain;

	if (!inquiry || inquiry->state != INQUIRY_PUT ||
	    !plugin_chain_is_at(&registry->chain, inquiry->plugin, plugin))
		return;
	domain = inquiry->domain;
	if (verdict == PLUGIN_DECIDED) {
		inquiry_decide(inquiry, decision);
	} else {
		inquiry->plugin++;
		put(inquiry, NULL);
	}
	/* Those who have only joined. */
	if (!domain->settling)
		put_held(domain);
}

const struct plugin_events ask_plugin_events = {
	.complete = on_complete,
};

static void put_waiting(struct domain *domain)
{
	const size_t count = domain->registry->chain.count;
	struct inquiry *inquiry, *next;

	for (inquiry = TAILQ_FIRST(&domain->inquiries); inquiry;
	     inquiry = next) {
		next = TAILQ_NEXT(inquiry, link);
		if (inquiry->state != INQUIRY_PUT || inquiry->plugin < count)
			continue;
		inquiry->plugin = count - 1;
		inquiry_await(inquiry, false);
		put(inquiry, NULL);
	}
	if (!domain->settling)
		put_held(domain);
}

static struct inquiry *first_awaiting(const struct registry *registry)
{
	struct inquiry *inquiry;
	struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link)
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->awaits && inquiry->state == INQUIRY_PUT)
				return inquiry;
	return NULL;
}

void ask_no_more(struct registry *registry)
{
	struct inquiry *inquiry;

	while ((inquiry = first_awaiting(registry))) {
		inquiry_await(inquiry, false);
		give_up(inquiry);
	}
}

void ask_waiting(struct registry *registry)
{
	struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link)
		put_waiting(domain);
}

/* --- Generations ------------------------------------------------- */

/*
 * Takes out the waiters that the ruleset decides for.
 * Returns: how many; their request ids are in @ret, which has room for all.
 */
static size_t take_decided(struct inquiry *inquiry, uint64_t *ret)
{
	const struct ruleset *ruleset = inquiry->domain->committed;
	size_t kept = 0, taken = 0;

	for (size_t i = 0; i < inquiry->waiters_count; i++) {
		const struct waiter waiter = inquiry->waiters[i];

		if (!rules_decide(ruleset, &inquiry->request, waiter.process)) {
			inquiry->waiters[kept++] = waiter;
			continue;
		}
		ret[taken++] = waiter.request_id;
		waiter_finish(&inquiry->waiters[i]);
	}
	inquiry->waiters_count = kept;
	return taken;
}

/* Answers those of an inquiry that the generation decides, puts the others. */
static void settle_inquiry(struct inquiry *inquiry)
{
	struct domain *domain = inquiry->domain;
	_cleanup_free_ uint64_t *decided = NULL;
	size_t count;

	if (inquiry_is_decided(inquiry) || !domain->committed)
		return;
	decided = calloc(inquiry->waiters_count + 1, sizeof(*decided));
	/* Without memory they wait for their deadline. */
	if (!decided)
		return;
	count = take_decided(inquiry, decided);
	if (inquiry->waiters_count == 0) {
		inquiry_cancel(inquiry);
		inquiry_note(inquiry, "settled", NULL, NULL);
		inquiry_free(inquiry);
	} else if (inquiry->state == INQUIRY_HELD) {
		put(inquiry, domain->committed);
	}
	for (size_t i = 0; i < count; i++)
		domain->events->answer(domain->engine, decided[i],
				       ANSWER_RETRY);
}

/* Lets the open questions see the new generation. */
static void on_settle(struct domain *domain)
{
	_cleanup_free_ uint64_t *ids = NULL;
	struct inquiry *inquiry;
	size_t count = 0;

	if (TAILQ_EMPTY(&domain->inquiries))
		return;
	ids = calloc(domain->inquiries_count, sizeof(*ids));
	/* Without memory they wait for their deadline. */
	if (!ids)
		return;
	/* Settling one may end others: go by id. */
	TAILQ_FOREACH (inquiry, &domain->inquiries, link)
		ids[count++] = inquiry->id;
	for (size_t i = 0; i < count; i++)
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->id == ids[i]) {
				settle_inquiry(inquiry);
				break;
			}
}

const struct generation_events ask_generation_events = {
	.settle = on_settle,
	.resume = put_held,
};
