/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grants: rules that outlive a domain, or that come from outside of it.
 */
#include "supervision/granting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "store/grants.h"
#include "supervision/commit.h"
#include "supervision/later.h"
#include "supervision/rule_id.h"

/* A grant on its way into the domains of an app. */
struct granting {
	struct registry *registry;
	char *app;
	struct rules rules;
	bool persist;
	size_t waiting, committed;
	int error;
	grant_done_fn done;
	void *userdata;
};

static void grant_free(struct granting *grant)
{
	rules_finish(&grant->rules);
	free(grant->app);
	free(grant);
}

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
	int result, error = 0;

	TAILQ_FOREACH (profile, &registry->profiles.list, link) {
		if (strcmp(profile->app, app) != 0)
			continue;
		result = profile_reload_grants(profile, added);
		if (result < 0) {
			log_error("cannot read the grants of %s: %s", app,
				  strerror(-result));
			error = result;
		} else if (result > 0 && refresh) {
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

/* A store that a change is made in. */
struct opened {
	struct grants *grants;
	bool owned;
};

static void opened_finish(struct opened *opened)
{
	if (opened->owned)
		grants_close(opened->grants);
}

/*
 * Opens the store of an app to change it: that of one of its profiles, which
 * knows what is there. Only at the end may its lock be waited for: nobody else
 * has a turn then.
 */
static int open_store(const struct registry *registry, const char *app,
		      struct opened *ret)
{
	const char *directory = registry->places.grants_dir;
	struct profile *profile;
	int error;

	if (!registry->ending)
		TAILQ_FOREACH (profile, &registry->profiles.list, link)
			if (strcmp(profile->app, app) == 0)
				return profile_store(profile, &ret->grants);
	if (!directory)
		return -ENOENT;
	error = grants_open(&ret->grants, directory, app);
	ret->owned = !error;
	if (!error && !registry->ending)
		grants_set_wait(ret->grants, 0);
	return error;
}

/*
 * Writes rules to the store. They are copied, since there they may be joined
 * with others and get other ids.
 */
static int store_rules(const struct registry *registry, const char *app,
		       const struct rules *rules, const char *agent)
{
	_cleanup_(opened_finish) struct opened opened = {0};
	struct rules copy = {0};
	int error = open_store(registry, app, &opened);

	if (!error)
		error = rules_append(&copy, rules);
	if (!error)
		error = grants_add(opened.grants, &copy,
				   agent ? agent : "landlord",
				   clock_wall(registry->clock));
	rules_finish(&copy);
	return error;
}

static int unstore_rule(const struct registry *registry, const char *app,
			const char *rule_id)
{
	_cleanup_(opened_finish) struct opened opened = {0};
	const int error = open_store(registry, app, &opened);

	return error ? error
		     : grants_revoke(opened.grants, rule_id, "revoke",
				     clock_wall(registry->clock));
}

/* --- Answers that are to be kept ---------------------------------- */

/* Rules of a domain, in force as provisional ones until they are stored. */
struct keeping {
	struct registry *registry;
	uint64_t domain; /* that may have ended */
	char *app, *agent;
	struct rules rules;
	struct keeper keeper; /* without its agent */
};

static void keeping_free(struct keeping *keeping)
{
	rules_finish(&keeping->rules);
	free(keeping->app);
	free(keeping->agent);
	free(keeping);
}

static int attempt_keeping(void *userdata)
{
	const struct keeping *keeping = userdata;

	return store_rules(keeping->registry, keeping->app, &keeping->rules,
			   keeping->agent);
}

/* What is stored holds in every domain of the app. */
static void take_stored(const struct keeping *keeping)
{
	struct registry *registry = keeping->registry;
	struct domain *domain;

	reload_profiles(registry, keeping->app, &keeping->rules, true);
	TAILQ_FOREACH (domain, &registry->domains, link) {
		if (strcmp(domain->app, keeping->app) != 0)
			continue;
		if (domain->id == keeping->domain)
			forget_rules(domain, &keeping->rules);
		else
			domain_refresh(domain);
	}
}

/* Who answered, and whoever sees the program, learns what became of it. */
static void tell_unkept(const struct keeping *keeping,
			const struct domain *domain, int error)
{
	_cleanup_free_ char *sentence = NULL;

	if (asprintf(&sentence, "cannot persist a grant of %s%s: %s",
		     keeping->app,
		     domain ? ", it holds until the program ends" : "",
		     strerror(-error)) < 0) {
		sentence = NULL;
		return;
	}
	log_error("%s", sentence);
	if (domain && domain->events->tell)
		domain->events->tell(domain->engine, sentence);
	if (!keeping->registry->ending && keeping->registry->tell_agent)
		keeping->registry->tell_agent(keeping->registry,
					      keeping->keeper.question_id,
					      sentence);
}

static void finish_keeping(struct keeping *keeping, int error)
{
	struct domain *domain = domain_find(keeping->registry, keeping->domain);

	if (error)
		tell_unkept(keeping, domain, error);
	if (!error && !keeping->registry->ending)
		take_stored(keeping);
	else if (domain)
		domain_keep(domain, &keeping->rules);
}

/* Another process had the lock, and has not any more, or for too long. */
static void end_later(void *userdata, int error)
{
	struct keeping *keeping = userdata;

	finish_keeping(keeping, error);
	if (!keeping->registry->ending)
		keeping->keeper.done(keeping->registry,
				     keeping->keeper.question_id, error);
	keeping_free(keeping);
}

/* Returns: a copy of what is to be kept, or NULL. */
static struct keeping *keeping_new(struct domain *domain,
				   const struct rules *rules,
				   const struct keeper *keeper)
{
	struct keeping *keeping = calloc(1, sizeof(*keeping));

	if (!keeping)
		return NULL;
	keeping->registry = domain->registry;
	keeping->domain = domain->id;
	keeping->keeper = *keeper;
	keeping->keeper.agent = NULL;
	keeping->app = strdup(domain->app);
	if (keeping->app && text_copy(&keeping->agent, keeper->agent) == 0 &&
	    rules_append(&keeping->rules, rules) == 0)
		return keeping;
	keeping_free(keeping);
	return NULL;
}

int grant_persist(struct domain *domain, const struct rules *rules,
		  const struct keeper *keeper)
{
	static const struct later_ops ops = {attempt_keeping, end_later};
	struct keeping *keeping = keeping_new(domain, rules, keeper);
	int error = keeping ? attempt_keeping(keeping) : -ENOMEM;

	if (error == -EBUSY && later_run(domain->registry, &ops, keeping,
					 keeper->patience_ms) == 0)
		return -EINPROGRESS;
	if (keeping) {
		finish_keeping(keeping, error);
		keeping_free(keeping);
	} else {
		domain_keep(domain, rules);
	}
	return error;
}

/* --- Grants from outside ------------------------------------------- */

static int attempt_grant(void *userdata)
{
	const struct granting *grant = userdata;

	return grant->error || !grant->persist
		       ? grant->error
		       : store_rules(grant->registry, grant->app, &grant->rules,
				     NULL);
}

/* Reports, or takes it back. */
static void end_grant(void *userdata, int error)
{
	struct granting *grant = userdata;
	struct domain *domain;

	grant->error = error;
	if (grant->registry->ending) {
		grant_free(grant);
		return;
	}
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
	grant_free(grant);
}

/* All domains have said: it is persisted, if that is what it is for. */
static void conclude(struct granting *grant)
{
	static const struct later_ops ops = {attempt_grant, end_grant};

	if (later_run(grant->registry, &ops, grant, LATER_MS) < 0)
		end_grant(grant, -ENOMEM);
}

static void on_changed(void *userdata, struct domain *domain,
		       const struct rules *rules, int error)
{
	struct granting *grant = userdata;

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

static int change_domain(struct granting *grant, struct domain *domain)
{
	struct rules rules = {0};
	int error = rules_append(&rules, &grant->rules);

	if (!error) {
		grant->waiting++;
		error = domain_change(domain, &rules, grant->persist,
				      on_changed, grant);
		if (error)
			grant->waiting--;
	}
	rules_finish(&rules);
	return error;
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
	struct granting *grant = calloc(1, sizeof(*grant));
	struct domain *domain;
	int error;

	if (!grant)
		return -ENOMEM;
	*grant = (struct granting){
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
	*rules = (struct rules){0};
	TAILQ_FOREACH (domain, &registry->domains, link) {
		/* What is taken back is so from nested ones, too. */
		if (strcmp(domain->app, app) != 0 ||
		    (domain->nested && grant->rules.count))
			continue;
		error = change_domain(grant, domain);
		if (error)
			grant->error = error;
	}
	if (--grant->waiting == 0)
		conclude(grant);
	return 0;
}

int grant_add(struct registry *registry, const char *app, struct rules *rules,
	      bool persist, grant_done_fn done, void *userdata)
{
	const int error = rules_identify(rules);

	return error ? error
		     : begin(registry, app, rules, persist, done, userdata);
}

/* --- Taking back ---------------------------------------------------- */

struct revocation {
	struct registry *registry;
	char *app, *rule_id;
	grant_done_fn done;
	void *userdata;
};

static void revocation_free(struct revocation *revocation)
{
	free(revocation->app);
	free(revocation->rule_id);
	free(revocation);
}

static int attempt_revocation(void *userdata)
{
	const struct revocation *revocation = userdata;

	return unstore_rule(revocation->registry, revocation->app,
			    revocation->rule_id);
}

/* Takes from the domains what the store has no more. */
static int revoke_from_domains(const struct revocation *revocation, int stored)
{
	struct registry *registry = revocation->registry;
	struct rules none = {0};
	struct domain *domain;
	bool found = stored == 0;
	int error = 0;

	if (stored < 0 && stored != -ENOENT)
		return stored;
	TAILQ_FOREACH (domain, &registry->domains, link)
		if (strcmp(domain->app, revocation->app) == 0 &&
		    domain_forget(domain, revocation->rule_id))
			found = true;
	if (!found)
		return -ENOENT;
	if (stored == 0)
		error = reload_profiles(registry, revocation->app, NULL, false);
	/* A change of nothing is done when what holds now is in force. */
	return error ? error
		     : begin(registry, revocation->app, &none, false,
			     revocation->done, revocation->userdata);
}

static void end_revocation(void *userdata, int error)
{
	struct revocation *revocation = userdata;

	if (!revocation->registry->ending) {
		error = revoke_from_domains(revocation, error);
		if (error)
			revocation->done(revocation->userdata, error, 0);
	}
	revocation_free(revocation);
}

int grant_revoke(struct registry *registry, const char *app,
		 const char *rule_id, grant_done_fn done, void *userdata)
{
	static const struct later_ops ops = {attempt_revocation,
					     end_revocation};
	struct revocation *revocation = calloc(1, sizeof(*revocation));
	int error = -ENOMEM;

	if (!revocation)
		return -ENOMEM;
	*revocation = (struct revocation){
		.registry = registry,
		.app = strdup(app),
		.rule_id = strdup(rule_id),
		.done = done,
		.userdata = userdata,
	};
	if (revocation->app && revocation->rule_id)
		error = attempt_revocation(revocation);
	if (error == -EBUSY &&
	    later_run(registry, &ops, revocation, LATER_MS) == 0)
		return 0;
	error = revoke_from_domains(revocation, error);
	revocation_free(revocation);
	return error;
}
