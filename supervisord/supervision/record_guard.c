/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of a recording is nobody's who is recorded: see record_guard.h. */
#include "supervision/record_guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/path_chain.h"
#include "supervision/arrivals.h"
#include "supervision/commit.h"
#include "supervision/granting.h"
#include "supervision/rule_id.h"

struct record_guard {
	struct registry *registry;
	char *app;
	struct arrival_watch arrivals;
	struct rules rules; /* copies of what is in force */
	bool waiting;	    /* for them to be */
	bool unwanted;	    /* it was freed meanwhile */
	void (*done)(void *userdata, int error);
	void *userdata;
};

static void destroy(struct record_guard *guard)
{
	arrivals_forget(guard->registry, &guard->arrivals);
	rules_finish(&guard->rules);
	free(guard->app);
	free(guard);
}

static void lift(const struct record_guard *guard)
{
	struct domain *domain;

	TAILQ_FOREACH (domain, &guard->registry->domains, link) {
		bool had = false;

		for (size_t i = 0; i < guard->rules.count; i++)
			had |= domain_forget(domain, guard->rules.items[i].id);
		if (had)
			domain_refresh(domain);
	}
}

/* Of what could not be brought into force nothing is left. */
static void on_granted(void *userdata, int error, size_t committed)
{
	struct record_guard *guard = userdata;

	(void)committed;
	guard->waiting = false;
	if (!guard->unwanted) {
		guard->done(guard->userdata, error);
		return;
	}
	lift(guard);
	destroy(guard);
}

/* Who comes later is kept from it, too, from the beginning. */
static int on_begins(void *userdata, struct domain *domain)
{
	const struct record_guard *guard = userdata;

	return guard->unwanted
		       ? 0
		       : rulebook_append(domain->session, &guard->rules);
}

/* @rules: to be moved into the domains */
static int make_rules(struct record_guard *guard, const char *file,
		      struct rules *rules)
{
	int error = path_chain_protect(rules, NULL, file);

	if (!error)
		error = rules_identify(rules);
	return error ? error : rules_append(&guard->rules, rules);
}

int record_guard_new(struct record_guard **ret, struct registry *registry,
		     const char *app, const char *file,
		     void (*done)(void *userdata, int error), void *userdata)
{
	struct record_guard *guard = calloc(1, sizeof(*guard));
	struct rules rules = {0};
	int error;

	if (!guard)
		return -ENOMEM;
	guard->registry = registry;
	guard->done = done;
	guard->userdata = userdata;
	guard->app = strdup(app);
	error = guard->app ? make_rules(guard, file, &rules) : -ENOMEM;
	guard->waiting = true;
	guard->arrivals = (struct arrival_watch){
		.app = guard->app, .begins = on_begins, .userdata = guard};
	*ret = guard;
	if (!error)
		arrivals_watch(registry, &guard->arrivals);
	if (!error)
		error = grant_add(registry, app, &rules, false, on_granted,
				  guard);
	rules_finish(&rules);
	if (error) {
		destroy(guard);
		*ret = NULL;
	}
	return error;
}

struct record_guard *record_guard_free(struct record_guard *guard)
{
	if (!guard)
		return NULL;
	guard->unwanted = true;
	if (guard->waiting)
		return NULL;
	lift(guard);
	destroy(guard);
	return NULL;
}
