/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domains: the registered supervisees, each with its rules.
 */
#include "supervision/domain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ruleset.h"
#include "supervision/audit_log.h"
#include "supervision/profile.h"
#include "supervision/process.h"
#include "supervision/rule_id.h"
#include "supervision/strings.h"

void domain_note(const struct domain *domain, const char *event, json_t *fields)
{
	const struct audit_log_domain of = {domain->app, domain->monitor_pid};

	audit_log_event(domain->registry->audit_log, event, &of, fields);
}

struct domain *domain_find(const struct registry *registry, uint64_t id)
{
	struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link)
		if (domain->id == id)
			return domain;
	return NULL;
}

/* Walks up from a process to the nearest registered domain. */
struct enclosing {
	const struct registry *registry;
	pid_t pid; /* where the walk began */
	struct domain *found;
};

static bool match_domain(void *userdata, pid_t pid)
{
	struct enclosing *enclosing = userdata;
	struct domain *domain;

	TAILQ_FOREACH (domain, &enclosing->registry->domains, link) {
		/*
		 * A supervisor is above its tree, not inside, and stays as long
		 * as the domain. Its first process may end, and its number be
		 * another's then.
		 */
		if (pid == domain->monitor_pid && pid != enclosing->pid) {
			enclosing->found = domain;
			return true;
		}
	}
	return false;
}

int domain_enclosing(const struct registry *registry, pid_t pid,
		     struct domain **ret)
{
	struct enclosing enclosing = {.registry = registry, .pid = pid};
	int result = 0;

	if (!TAILQ_EMPTY(&registry->domains))
		result = process_walk(pid, match_domain, &enclosing);
	if (result < 0)
		return result;
	*ret = enclosing.found;
	return 0;
}

int domain_first_rules(const struct domain_info *info, struct rules *ret)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = EFFECT_ALLOW,
		.rights = RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE,
	};
	int error = info->session ? rules_append(ret, info->session) : 0;

	if (!error && info->command_path) {
		error = object_init_path(&rule.object, info->command_path);
		rule.origin = strdup("command line");
		if (!error)
			error = rule.origin ? rules_take(ret, &rule) : -ENOMEM;
		rule_finish(&rule);
	}
	return error ? error : rules_identify(ret);
}

bool domain_forget(struct domain *domain, const char *rule_id)
{
	const bool session = rulebook_remove(domain->session, rule_id);

	return rulebook_remove(domain->provisional, rule_id) || session;
}

static int copy_info(struct domain *domain, const struct domain_info *info)
{
	domain->app = strdup(info->app);
	domain->engine_name = strdup(info->engine ? info->engine : "");
	domain->command = strings_copy(info->command);
	domain->policy_files = strings_copy(info->policy_files);
	if (info->variables)
		domain->variables = strings_copy(info->variables);
	domain->monitor_pid = info->monitor_pid;
	domain->root_pid = info->root_pid;
	if (!domain->app || !domain->engine_name || !domain->command ||
	    !domain->policy_files || (info->variables && !domain->variables))
		return -ENOMEM;
	return 0;
}

struct domain *domain_free(struct domain *domain)
{
	struct registry *registry;

	if (!domain)
		return NULL;
	registry = domain->registry;
	TAILQ_REMOVE(&registry->domains, domain, link);
	registry->domains_count--;
	ruleset_unref(domain->committed);
	ruleset_unref(domain->inflight);
	rulebook_unref(domain->session);
	rulebook_unref(domain->provisional);
	profile_put(domain->profile);
	strings_free(domain->command);
	strings_free(domain->policy_files);
	strings_free(domain->variables);
	free(domain->app);
	free(domain->engine_name);
	free(domain);
	return NULL;
}

int domain_new(struct domain **ret, struct registry *registry,
	       const struct domain_options *options)
{
	struct domain *domain = calloc(1, sizeof(*domain));

	if (!domain)
		return -ENOMEM;
	domain->registry = registry;
	domain->id = registry_next_id(registry);
	domain->nested = options->nested;
	domain->timeout_seconds = options->timeout_seconds
					  ? options->timeout_seconds
					  : registry->timeout_seconds;
	domain->started = clock_wall(registry->clock);
	domain->own_agent = options->own_agent;
	domain->generation = options->generation;
	domain->events = options->events;
	domain->engine = options->engine;
	TAILQ_INIT(&domain->changes);
	TAILQ_INIT(&domain->inquiries);
	TAILQ_INSERT_TAIL(&registry->domains, domain, link);
	registry->domains_count++;
	if (rulebook_new(&domain->session) < 0 ||
	    rulebook_new(&domain->provisional) < 0 ||
	    copy_info(domain, options->info) < 0) {
		domain_free(domain);
		return -ENOMEM;
	}
	*ret = domain;
	return 0;
}

int domain_ruleset(const struct domain *domain, uint64_t generation,
		   struct ruleset **ret)
{
	struct rulebook *const books[DOMAIN_BOOKS] = {
		[DOMAIN_POLICY] = domain->profile->shared->book,
		[DOMAIN_GRANTS] = domain->profile->grants,
		[DOMAIN_SESSION] = domain->session,
		[DOMAIN_PROVISIONAL] = domain->provisional,
	};
	const struct clock *clock = domain->registry->clock;
	int error = ruleset_of_books(ret, books, DOMAIN_BOOKS, generation,
				     clock_wall(clock));

	if (!error)
		ruleset_set_clock(*ret, clock);
	return error;
}
