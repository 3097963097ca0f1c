/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How rules come into force in a domain.
 */
#include "supervision/commit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "supervision/process.h"
#include "supervision/rule_id.h"
#include "supervision/waits.h"

/* An expiry is looked at again after that long, whatever the clock does. */
#define EXPIRY_SECONDS_MAX 3600

/* Rules on their way into force. */
struct change {
	TAILQ_ENTRY(change) link;
	struct rules rules;
	bool provisional; /* to be persisted once in force */
	bool inflight;
	change_done_fn done;
	void *userdata;
};

/* All rules that would be in force now. Returns: 0 or -ENOMEM. */
static int all_rules(const struct domain *domain, struct rules *ret)
{
	const struct change *change;
	struct rules rules = {};
	int r;

	r = rules_append(&rules, &domain->profile->shared->policy.rules);
	if (r == 0)
		r = rules_append(&rules, &domain->profile->grants);
	if (r == 0)
		r = rules_append(&rules, &domain->session);
	if (r == 0)
		r = rules_append(&rules, &domain->provisional);
	TAILQ_FOREACH (change, &domain->changes, link)
		if (r == 0)
			r = rules_append(&rules, &change->rules);
	if (r < 0) {
		rules_finish(&rules);
		return r;
	}
	*ret = rules;
	return 0;
}

/* The session rules that a commit carries, those of its changes included. */
static int session_rules(const struct domain *domain, struct rules *ret)
{
	const struct change *change;
	int r = rules_append(ret, &domain->session);

	TAILQ_FOREACH (change, &domain->changes, link)
		if (r == 0 && !change->provisional)
			r = rules_append(ret, &change->rules);
	return r;
}

static void on_expiry(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	domain_refresh(userdata);
}

/* Makes the next generation when the first rule of this one expires. */
static void schedule_expiry(struct domain *domain)
{
	const int64_t expiry = ruleset_next_expiry(domain->committed);
	int64_t seconds = expiry - time(NULL);
	struct timeval delay = {};

	if (!domain->expiry)
		return;
	evtimer_del(domain->expiry);
	if (expiry == 0)
		return;
	if (seconds < 0)
		seconds = 0;
	if (seconds > EXPIRY_SECONDS_MAX)
		seconds = EXPIRY_SECONDS_MAX;
	delay.tv_sec = seconds;
	evtimer_add(domain->expiry, &delay);
}

/* Compiles the next generation and hands it to the engine. */
static int start_commit(struct domain *domain)
{
	struct rules rules = {}, session = {};
	struct change *change;
	int r;

	domain->stale = false;
	r = all_rules(domain, &rules);
	if (r == 0)
		r = session_rules(domain, &session);
	if (r == 0)
		r = ruleset_new(&domain->inflight, &rules,
				domain->generation + 1, time(NULL));
	TAILQ_FOREACH (change, &domain->changes, link)
		change->inflight = true;
	if (r == 0) {
		domain->generation++;
		/* Before: whoever reaches one may use it at once. */
		waits_reach_rules(domain, domain->inflight, &rules);
		r = domain->sink->commit(domain->userdata, domain->inflight,
					 &rules, &session);
	}
	rules_finish(&rules);
	rules_finish(&session);
	return r;
}

static void commit(struct domain *domain)
{
	int r;

	if (domain->inflight || domain->settling) {
		domain->stale = true;
		return;
	}
	r = start_commit(domain);
	if (r != -EINPROGRESS)
		domain_committed(domain, r);
}

void domain_refresh(struct domain *domain)
{
	commit(domain);
}

int domain_start(struct domain *domain)
{
	domain->expiry = evtimer_new(domain->registry->loop, on_expiry, domain);
	return domain->expiry ? start_commit(domain) : -ENOMEM;
}

/*
 * Takes the changes that were in flight out of the list, the rules of those
 * that succeeded into the session.
 */
static void take_changes(struct domain *domain, int error,
			 struct change_list *ret)
{
	struct change *change, *next;

	TAILQ_INIT(ret);
	for (change = TAILQ_FIRST(&domain->changes); change; change = next) {
		next = TAILQ_NEXT(change, link);
		if (!change->inflight)
			continue;
		TAILQ_REMOVE(&domain->changes, change, link);
		TAILQ_INSERT_TAIL(ret, change, link);
		/* In force, but not to be kept: take it out again. */
		if (!error &&
		    rules_append(change->provisional ? &domain->provisional
						     : &domain->session,
				 &change->rules) < 0)
			domain->stale = true;
	}
}

static void finish_changes(struct domain *domain, struct change_list *changes,
			   int error)
{
	struct change *change;

	while ((change = TAILQ_FIRST(changes))) {
		TAILQ_REMOVE(changes, change, link);
		change->done(change->userdata, domain, &change->rules, error);
		rules_finish(&change->rules);
		free(change);
	}
}

struct ruleset *domain_recall(struct domain *domain)
{
	struct rules rules = {};

	if (domain->committed || domain->committed_generation == 0)
		return domain->committed;
	if (all_rules(domain, &rules) == 0 &&
	    ruleset_new(&domain->committed, &rules,
			domain->committed_generation, time(NULL)) < 0)
		domain->committed = NULL;
	rules_finish(&rules);
	return domain->committed;
}

int domain_reach(struct domain *domain)
{
	struct ruleset *ruleset = NULL;
	struct rules rules = {};
	int r = all_rules(domain, &rules);

	if (r == 0)
		r = ruleset_new(&ruleset, &rules, domain->generation,
				time(NULL));
	if (r == 0)
		waits_reach_rules(domain, ruleset, &rules);
	ruleset_unref(ruleset);
	rules_finish(&rules);
	return r;
}

void domain_unrecall(struct domain *domain)
{
	domain->committed = ruleset_unref(domain->committed);
}

static void note_failure(const struct domain *domain, int error)
{
	log_warning("%s: generation %" PRIu64 " was not committed: %s",
		    domain->app, domain->generation, strerror(-error));
	domain_note(domain, "commit-failed",
		    json_pack("{s:I, s:s}", "generation",
			      (json_int_t)domain->generation, "error",
			      strerror(-error)));
}

/* The generation in flight is in force. */
static void take_inflight(struct domain *domain)
{
	ruleset_unref(domain->committed);
	domain->committed = domain->inflight;
	domain->committed_generation = ruleset_generation(domain->committed);
	schedule_expiry(domain);
	domain_note(domain, "commit",
		    json_pack("{s:I}", "generation",
			      (json_int_t)domain->generation));
}

void domain_committed(struct domain *domain, int error)
{
	const struct generation_events *events = domain->registry->events;
	struct change_list changes;

	domain->settling = true;
	take_changes(domain, error, &changes);
	if (error) {
		ruleset_unref(domain->inflight);
		note_failure(domain, error);
	} else {
		take_inflight(domain);
	}
	domain->inflight = NULL;
	finish_changes(domain, &changes, error);
	events->settle(domain);
	domain->settling = false;
	if (domain->stale)
		commit(domain);
	events->resume(domain);
	domain_unrecall(domain);
}

/* Forgets the rules of processes that have ended. */
static void prune_session(struct domain *domain)
{
	size_t kept = 0;

	for (size_t i = 0; i < domain->session.count; i++) {
		struct rule *rule = &domain->session.items[i];

		if (rule->pid && !process_alive(rule->pid, rule->pid_start))
			rule_finish(rule);
		else
			domain->session.items[kept++] = *rule;
	}
	domain->session.count = kept;
}

/* Whether rules compile by themselves, so that they spoil no other change. */
static int check_rules(const struct rules *rules)
{
	struct ruleset *ruleset;
	int r = ruleset_new(&ruleset, rules, 0, time(NULL));

	if (r == 0)
		ruleset_unref(ruleset);
	return r;
}

int domain_change(struct domain *domain, struct rules *rules, bool provisional,
		  change_done_fn done, void *userdata)
{
	struct change *change;
	int r = check_rules(rules);

	if (r == 0)
		r = rules_identify(rules);
	if (r < 0)
		return r;
	if (domain->session.count + rules->count > DOMAIN_SESSION_MAX)
		prune_session(domain);
	if (domain->session.count + rules->count > DOMAIN_SESSION_MAX)
		return -ENOSPC;
	change = calloc(1, sizeof(*change));
	if (!change)
		return -ENOMEM;
	change->rules = *rules;
	*rules = (struct rules){};
	change->provisional = provisional;
	change->done = done;
	change->userdata = userdata;
	TAILQ_INSERT_TAIL(&domain->changes, change, link);
	commit(domain);
	return 0;
}

void domain_keep(struct domain *domain, const struct rules *rules)
{
	/* From both, and into the one. */
	for (size_t i = 0; i < rules->count; i++)
		domain_forget(domain, rules->items[i].id);
	if (rules_append(&domain->session, rules) < 0)
		domain_refresh(domain);
}

void domain_cancel_changes(struct domain *domain)
{
	struct change_list changes;
	struct change *change;

	domain->settling = true;
	TAILQ_FOREACH (change, &domain->changes, link)
		change->inflight = true;
	take_changes(domain, -ECANCELED, &changes);
	finish_changes(domain, &changes, -ECANCELED);
}
