/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decisions on inquiries.
 */
#include "supervision/decide.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "policy/startup.h"
#include "supervision/commit.h"
#include "supervision/granting.h"
#include "supervision/process.h"
#include "supervision/wait_graph.h"

/* So long a program may wait for the lock of the store, which is another's. */
#define KEEPING_MS 10000
/* A monitor denies by itself a little later than the deadline. */
#define DEADLINE_GRACE_MS 1500

/* The end of a decision: only now is it known whether it holds. */
static void conclude(struct inquiry *inquiry, int error)
{
	const struct decision *decision = &inquiry->decision;
	const bool allow = decision->outcome == OUTCOME_ALLOW && !error;
	enum answer answer = ANSWER_DENY;
	const enum undecided undecided =
		decision->unanswered			      ? UNDECIDED_NOBODY
		: error && decision->outcome == OUTCOME_ALLOW ? UNDECIDED_COMMIT
							      : UNDECIDED_NO;

	if (error)
		log_error("%s: the decision could not be committed: %s",
			  inquiry->domain->app, strerror(-error));
	if (allow)
		answer = decision->lifetime == LIFETIME_ONCE ? ANSWER_ALLOW_ONCE
							     : ANSWER_RETRY;
	/* Before: whoever reaches a lever may use it at once. */
	if (allow)
		wait_graph_reach_request(inquiry->domain, &inquiry->request);
	if (allow)
		inquiry->domain->granted++;
	else
		inquiry->domain->denied++;
	if (error && decision->outcome == OUTCOME_ALLOW)
		inquiry_note(inquiry, "unanswered", "commit failed", NULL);
	else if (decision->unanswered)
		inquiry_note(inquiry, "unanswered", "no agent", NULL);
	else
		inquiry_note(inquiry, "decision", NULL, decision);
	inquiry_tell(inquiry, decision, undecided);
	inquiry_finish(inquiry, answer);
}

/* Whether it is about who was shown, not about everybody who asks that. */
static bool is_personal(const struct decision *decision)
{
	return decision->lifetime == LIFETIME_PROCESS ||
	       (decision->lifetime == LIFETIME_ONCE && !decision->unanswered);
}

static bool persists(const struct decision *decision)
{
	return decision->lifetime == LIFETIME_ALWAYS ||
	       decision->lifetime == LIFETIME_UNTIL;
}

/* Whether it is put into the store; what was decided once is not, again. */
static bool is_kept(const struct inquiry *inquiry)
{
	return persists(&inquiry->decision) && !inquiry->domain->registry->past;
}

/* What could not be persisted is in force as a rule of the session. */
static void on_held(void *userdata, struct domain *domain,
		    const struct rules *rules, int error)
{
	(void)domain;
	(void)rules;
	conclude(userdata, error);
}

/*
 * It goes on as a rule of the session. That is only said once the program has
 * such a rule, which it hands over should this process be killed.
 */
static int hold(struct inquiry *inquiry)
{
	struct rules none = {0};

	inquiry->state = INQUIRY_COMMITTING;
	inquiry->decision.lifetime = LIFETIME_SESSION;
	return domain_change(inquiry->domain, &none, false, on_held, inquiry);
}

/* Kept it is, or known to hold for the session: only that is said. */
static void end_keeping(struct inquiry *inquiry, int error)
{
	if (!error || hold(inquiry) < 0)
		conclude(inquiry, 0);
}

static void on_kept(struct registry *registry, uint64_t question_id, int error)
{
	struct inquiry *inquiry = inquiry_by_id(registry, question_id);

	if (inquiry && inquiry->state == INQUIRY_KEEPING)
		end_keeping(inquiry, error);
}

/* How long to wait for the store: whoever asked does not wait for ever. */
static int64_t patience_of(const struct inquiry *inquiry)
{
	const int64_t left = inquiry->deadline + DEADLINE_GRACE_MS -
			     clock_boot(inquiry->domain->registry->clock);

	if (!inquiry->deadline || left > KEEPING_MS)
		return KEEPING_MS;
	return left > 0 ? left : 0;
}

static void keep(struct inquiry *inquiry, struct domain *domain,
		 const struct rules *rules)
{
	const struct keeper keeper = {
		.agent = inquiry->decision.agent,
		.question_id = inquiry->id,
		.patience_ms = patience_of(inquiry),
		.done = on_kept,
	};
	int error;

	inquiry->state = INQUIRY_KEEPING;
	error = grant_persist(domain, rules, &keeper);
	/* Then on_kept() ends the inquiry, or has ended it. */
	if (error != -EINPROGRESS)
		end_keeping(inquiry, error);
}

static void on_changed(void *userdata, struct domain *domain,
		       const struct rules *rules, int error)
{
	struct inquiry *inquiry = userdata;

	if (!error && is_kept(inquiry))
		keep(inquiry, domain, rules);
	else
		conclude(inquiry, error);
}

/* The rule for what stands apart from a directory that was answered about. */
static int add_apart(const struct access *access, const struct rule *like,
		     struct rules *rules)
{
	struct rule rule = *like; /* its strings are borrowed */
	struct rule copy;

	rule.object = access->object;
	rule.beneath = false;
	rule.rights = access->missing & object_rights(OBJECT_PATH);
	rule.id = NULL;
	if (!rule.rights)
		return 0;
	if (rule_copy(&copy, &rule) < 0 || rules_take(rules, &copy) < 0)
		return -ENOMEM;
	return 0;
}

/*
 * The rules of a decision. An answer about a directory is not about what owns
 * an agent or the next shell; but it does answer what was asked, which then has
 * a rule of its own.
 */
int decide_rules(const struct decision *decision, const struct request *request,
		 int64_t now, struct rules *ret)
{
	int error = decision_rules(decision, request, now, ret);

	for (size_t i = 0; decision->beneath && i < request->accesses_count;
	     i++) {
		const struct access *access = &request->accesses[i];

		if (!error && ret->count > 0 &&
		    access->object.type == OBJECT_PATH &&
		    path_is_beneath(access->object.bytes, decision->beneath) &&
		    startup_stands_between(decision->beneath,
					   access->object.bytes))
			error = add_apart(access, &ret->items[0], ret);
	}
	return error;
}

/* Says how long it is kept, in words of a policy file. */
static void tell_limited(const struct inquiry *inquiry, int max)
{
	const struct domain *const domain = inquiry->domain;
	struct registry *const registry = domain->registry;
	_cleanup_free_ char *sentence = NULL;
	int length;

	if (max == 0)
		length = asprintf(&sentence,
				  "%s: the policy keeps no answer beyond the "
				  "session (max-lifetime)",
				  domain->app);
	else
		length = asprintf(&sentence,
				  "%s: the policy keeps an answer for %d "
				  "seconds at most (max-lifetime)",
				  domain->app, max);
	if (length < 0) {
		sentence = NULL;
		return;
	}
	log_notice("%s", sentence);
	if (domain->events->tell)
		domain->events->tell(domain->engine, sentence);
	if (registry->tell_agent)
		registry->tell_agent(registry, inquiry->id, sentence);
}

/* What is allowed is kept for as long as the policy lets it, and no longer. */
static void limit_lifetime(struct inquiry *inquiry)
{
	const struct domain *const domain = inquiry->domain;
	struct decision *const decision = &inquiry->decision;
	const int max = domain->profile->shared->policy.settings.max_lifetime;
	const int64_t until = clock_wall(domain->registry->clock) + max;

	if (!persists(decision) || decision->outcome != OUTCOME_ALLOW ||
	    max == INT_MAX || domain->registry->past ||
	    (max > 0 && decision->lifetime == LIFETIME_UNTIL &&
	     decision->until <= until))
		return;
	decision->lifetime = max > 0 ? LIFETIME_UNTIL : LIFETIME_SESSION;
	decision->until = max > 0 ? until : 0;
	tell_limited(inquiry, max);
}

void inquiry_decide(struct inquiry *inquiry, const struct decision *decision)
{
	struct domain *domain = inquiry->domain;
	struct rules rules = {0};
	int error;

	if (inquiry_is_decided(inquiry))
		return;
	if (clock_boot(domain->registry->clock) - inquiry->put_at <
	    RATELIMIT_INSTANT_MS)
		ratelimit_refund(&domain->ratelimit);
	inquiry->state = INQUIRY_COMMITTING;
	error = decision_copy(&inquiry->decision, decision);
	if (!error && is_personal(decision))
		error = inquiry_split(inquiry);
	if (!error && domain->nested && persists(decision))
		inquiry->decision.lifetime = LIFETIME_SESSION;
	if (!error)
		limit_lifetime(inquiry);
	if (error || decision->lifetime == LIFETIME_ONCE) {
		conclude(inquiry, error);
		return;
	}
	error = decide_rules(&inquiry->decision, &inquiry->request,
			     clock_wall(domain->registry->clock), &rules);
	if (!error && rules.count == 0) {
		/* A process that is not known cannot be named in a rule. */
		inquiry->decision.lifetime = LIFETIME_ONCE;
		conclude(inquiry, 0);
		return;
	}
	if (!error)
		error = domain_change(domain, &rules, is_kept(inquiry),
				      on_changed, inquiry);
	rules_finish(&rules);
	if (error == -ENOSPC) {
		/* There is no room for more rules: what was asked is answered.
		 */
		log_warning("%s has as many rules as a session can have: "
			    "answers count once",
			    domain->app);
		inquiry->decision.lifetime = LIFETIME_ONCE;
		conclude(inquiry, 0);
		return;
	}
	/* On success on_changed() ends the inquiry, or has ended it. */
	if (error)
		conclude(inquiry, error);
}
