/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How rules come into force in a domain.
 */
#include "supervision/commit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "supervision/process.h"
#include "supervision/rule_id.h"
#include "supervision/wakeup.h"
#include "supervision/wait_graph.h"

/* So many rules of single processes are kept without looking who has ended. */
#define PRUNE_MIN 1024

/* Rules on their way into force. */
struct change {
	TAILQ_ENTRY(change) link;
	struct rules rules;
	bool provisional;     /* to be persisted once in force */
	bool inflight, added; /* to a book */
	change_done_fn done;
	void *userdata;
};

/* Takes rules out of a book again. */
static void remove_rules(struct rulebook *book, const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		rulebook_remove(book, rules->items[i].id);
}

/* Where the rules of a change belong. */
static struct rulebook *book_of(const struct domain *domain,
				const struct change *change)
{
	return change->provisional ? domain->provisional : domain->session;
}

/* Puts what waits into the books, for the generation that is made next. */
static int add_changes(struct domain *domain)
{
	struct change *change;
	int error = 0;

	TAILQ_FOREACH (change, &domain->changes, link) {
		change->inflight = true;
		if (!error) {
			error = rulebook_append(book_of(domain, change),
						&change->rules);
			change->added = !error;
		}
	}
	return error;
}

/* Sees to it that a generation is made when a rule of this one expires. */
static void schedule_expiry(const struct domain *domain)
{
	const int64_t expiry =
		domain->committed ? ruleset_next_expiry(domain->committed) : 0;

	/* What ends beyond that never does. */
	if (expiry != 0 && expiry <= INT64_MAX / 1000)
		wakeup_advance(domain->registry->expiry, expiry * 1000);
}

void domains_expire(struct registry *registry)
{
	struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link) {
		const int64_t expiry =
			domain->committed
				? ruleset_next_expiry(domain->committed)
				: 0;

		if (expiry != 0 && expiry <= clock_wall(registry->clock))
			domain_refresh(domain);
		else
			schedule_expiry(domain);
	}
}

/* Makes the next generation and hands it to the engine. */
static int start_commit(struct domain *domain)
{
	int error;

	domain->stale = false;
	rulebook_tidy(&domain->session);
	rulebook_tidy(&domain->provisional);
	error = add_changes(domain);
	if (!error)
		error = domain_ruleset(domain, domain->generation + 1,
				       &domain->inflight);
	if (!error) {
		domain->generation++;
		/* Before: whoever reaches one may use it at once. */
		wait_graph_reach_rules(domain, domain->inflight);
		error = domain->events->commit(domain->engine,
					       domain->inflight);
	}
	return error;
}

static void commit(struct domain *domain)
{
	int error;

	if (domain->inflight || domain->settling) {
		domain->stale = true;
		return;
	}
	error = start_commit(domain);
	if (error != -EINPROGRESS)
		domain_committed(domain, error);
}

void domain_refresh(struct domain *domain)
{
	commit(domain);
}

int domain_start(struct domain *domain)
{
	domain->prune_at = PRUNE_MIN;
	return start_commit(domain);
}

/*
 * Takes the changes that were in flight out of the list, and the rules of those
 * that failed out of the books.
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
		if (error && change->added)
			remove_rules(book_of(domain, change), &change->rules);
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

static void note_failure(const struct domain *domain, int error)
{
	/* It has ended. */
	if (error == -ECANCELED)
		return;
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
}

/* Now and then forgets the rules of processes that have ended. */
static void prune_session(struct domain *domain)
{
	/* Who lives here now has nothing to do with who lived there then. */
	if (domain->registry->past ||
	    rulebook_bound(domain->session) < domain->prune_at)
		return;
	rulebook_prune(domain->session, process_alive);
	domain->prune_at = 2 * rulebook_bound(domain->session) + PRUNE_MIN;
}

/* Whether rules make sense by themselves, so that they spoil no other change.
 */
static int check_rules(const struct rules *rules)
{
	struct ruleset *ruleset;
	int error = ruleset_new(&ruleset, rules, 0, 0);

	if (!error)
		ruleset_unref(ruleset);
	return error;
}

int domain_change(struct domain *domain, struct rules *rules, bool provisional,
		  change_done_fn done, void *userdata)
{
	struct change *change;
	int error = check_rules(rules);

	if (!error)
		error = rules_identify(rules);
	if (error)
		return error;
	prune_session(domain);
	if (rulebook_count(domain->session) + rules->count > DOMAIN_SESSION_MAX)
		return -ENOSPC;
	change = calloc(1, sizeof(*change));
	if (!change)
		return -ENOMEM;
	change->rules = *rules;
	*rules = (struct rules){0};
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
	(void)rulebook_append(domain->session, rules);
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
