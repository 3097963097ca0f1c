/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grants: rules that outlive a domain, or that come from outside of it.
 */
#include "supervision/grant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "policy/policy.h"
#include "store/grants.h"
#include "supervision/commit.h"
#include "supervision/rule_id.h"

/* A grant on its way into the domains of an app. */
struct grant {
	struct registry *registry;
	char *app;
	struct rules rules;
	bool persist;
	size_t waiting, committed;
	int error;
	grant_done_fn done;
	void *userdata;
};

/*
 * Reads the grants of an app again into its profiles. What somebody else has
 * written in the meantime is committed too: the watch will find nothing new.
 * @added: what was just stored, and is in force already; may be NULL
 * @refresh: commit what has changed
 * Returns: 0, or a negative errno: what they held stays in some.
 */
static int reload_profiles(struct registry *registry, const char *app,
			   const struct rules *added, bool refresh)
{
	struct profile *profile;
	int r, error = 0;

	TAILQ_FOREACH (profile, &registry->profiles.list, link) {
		if (strcmp(profile->app, app) != 0)
			continue;
		r = profile_reload_grants(profile, added);
		if (r < 0) {
			log_error("cannot read the grants of %s: %s", app,
				  strerror(-r));
			error = r;
		} else if (r > 0 && refresh) {
			profile->profiles->changed(registry, profile);
		}
	}
	return error;
}

/* Drops from a domain's session what its profile now holds. */
static void forget_rules(struct domain *domain, const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		domain_forget(domain, rules->items[i].id);
}

/*
 * Writes rules to the store. They are copied, since there they may be joined
 * with others and get other ids.
 */
static int store_rules(const char *app, const struct rules *rules,
		       const char *agent)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct policy_options options;
	struct rules copy = {};
	int r;

	policy_options_default(&options);
	if (!options.grants_dir)
		return -ENOENT;
	r = grants_open(&grants, options.grants_dir, app);
	if (r == 0)
		r = rules_append(&copy, rules);
	if (r == 0)
		r = grants_add(grants, &copy, agent ? agent : "landlord",
			       time(NULL));
	rules_finish(&copy);
	return r;
}

static int unstore_rule(const char *app, const char *rule_id)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct policy_options options;
	int r;

	policy_options_default(&options);
	if (!options.grants_dir)
		return -ENOENT;
	r = grants_open(&grants, options.grants_dir, app);
	return r < 0 ? r : grants_revoke(grants, rule_id);
}

int grant_persist(struct domain *domain, const struct rules *rules,
		  const char *agent)
{
	struct registry *registry = domain->registry;
	struct domain *other;
	int r = store_rules(domain->app, rules, agent);

	if (r < 0) {
		log_error("cannot persist a grant of %s, it holds until the "
			  "program ends: %s",
			  domain->app, strerror(-r));
		domain_keep(domain, rules);
		return r;
	}
	reload_profiles(registry, domain->app, rules, true);
	forget_rules(domain, rules);
	TAILQ_FOREACH (other, &registry->domains, link)
		if (other != domain && strcmp(other->app, domain->app) == 0)
			domain_refresh(other);
	return 0;
}

/* All domains have said: persist and report, or take it back. */
static void conclude(struct grant *grant)
{
	struct domain *domain;

	if (!grant->error && grant->persist)
		grant->error = store_rules(grant->app, &grant->rules, NULL);
	if (!grant->error && grant->persist)
		reload_profiles(grant->registry, grant->app, &grant->rules,
				true);
	TAILQ_FOREACH (domain, &grant->registry->domains, link) {
		if (strcmp(domain->app, grant->app) != 0)
			continue;
		if (grant->error || grant->persist)
			forget_rules(domain, &grant->rules);
		if (grant->error)
			domain_refresh(domain);
	}
	grant->done(grant->userdata, grant->error, grant->committed);
	rules_finish(&grant->rules);
	free(grant->app);
	free(grant);
}

static void on_changed(void *userdata, struct domain *domain,
		       const struct rules *rules, int error)
{
	struct grant *grant = userdata;

	(void)domain;
	(void)rules;
	/* A domain that ended has nothing to enforce. */
	if (error && error != -ECANCELED)
		grant->error = error;
	else if (!error)
		grant->committed++;
	if (--grant->waiting == 0)
		conclude(grant);
}

static int change_domain(struct grant *grant, struct domain *domain)
{
	struct rules rules = {};
	int r = rules_append(&rules, &grant->rules);

	if (r == 0) {
		grant->waiting++;
		r = domain_change(domain, &rules, grant->persist, on_changed,
				  grant);
		if (r < 0)
			grant->waiting--;
	}
	rules_finish(&rules);
	return r;
}

/*
 * Begins a grant in the domains that run.
 * @rules: moved on success
 * @persist: to be stored once it is in force
 */
static int begin(struct registry *registry, const char *app,
		 struct rules *rules, bool persist, grant_done_fn done,
		 void *userdata)
{
	struct grant *grant = calloc(1, sizeof(*grant));
	struct domain *domain;
	int r;

	if (!grant)
		return -ENOMEM;
	*grant = (struct grant){
		.registry = registry,
		.app = strdup(app),
		.rules = *rules,
		.persist = persist,
		.done = done,
		.userdata = userdata,
		.waiting = 1, /* this function */
	};
	if (!grant->app) {
		free(grant);
		return -ENOMEM;
	}
	*rules = (struct rules){};
	TAILQ_FOREACH (domain, &registry->domains, link) {
		/* What is taken back is so from nested ones, too. */
		if (strcmp(domain->app, app) != 0 ||
		    (domain->nested && grant->rules.count))
			continue;
		r = change_domain(grant, domain);
		if (r < 0)
			grant->error = r;
	}
	if (--grant->waiting == 0)
		conclude(grant);
	return 0;
}

int grant_add(struct registry *registry, const char *app, struct rules *rules,
	      bool persist, grant_done_fn done, void *userdata)
{
	const int r = rules_identify(rules);

	return r < 0 ? r : begin(registry, app, rules, persist, done, userdata);
}

int grant_revoke(struct registry *registry, const char *app,
		 const char *rule_id, grant_done_fn done, void *userdata)
{
	struct rules none = {};
	struct domain *domain;
	const int stored = unstore_rule(app, rule_id);
	bool found = stored == 0;
	int r = 0;

	if (stored < 0 && stored != -ENOENT)
		return stored;
	TAILQ_FOREACH (domain, &registry->domains, link)
		if (strcmp(domain->app, app) == 0 &&
		    domain_forget(domain, rule_id))
			found = true;
	if (!found)
		return -ENOENT;
	if (stored == 0)
		r = reload_profiles(registry, app, NULL, false);
	/* A change of nothing is done when what holds now is in force. */
	return r < 0 ? r : begin(registry, app, &none, false, done, userdata);
}
