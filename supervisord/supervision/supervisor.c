/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor: what the daemon and the embedded default share.
 */
#include "supervision/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "plugin/plugin_rules.h"
#include "policy/policy_watch.h"
#include "supervision/ask.h"
#include "supervision/audit_log.h"
#include "supervision/commit.h"
#include "supervision/inquiry.h"
#include "supervision/later.h"
#include "supervision/registration.h"
#include "supervision/wait_graph.h"
#include "supervision/wakeup.h"

static bool may_allow(void *userdata, const struct agent *agent,
		      uint64_t question_id)
{
	return supervisor_may_allow(userdata, agent, question_id, NULL) == 0;
}

static int add_builtin_plugins(struct supervisor *supervisor)
{
	struct plugin_chain *chain = &supervisor->registry.chain;
	struct plugin *rules = rules_plugin_new();
	int error;

	if (!rules)
		return -ENOMEM;
	plugin_chain_append(chain, rules);
	error = prompt_plugin_new(&supervisor->prompt);
	if (error)
		return error;
	prompt_plugin_prefer(supervisor->prompt, may_allow, supervisor);
	plugin_chain_append(chain, prompt_plugin(supervisor->prompt));
	return 0;
}

int supervisor_add_plugin(struct supervisor *supervisor, struct plugin *plugin)
{
	return plugin_chain_insert(&supervisor->registry.chain, plugin);
}

static void on_profile_changed(void *userdata, struct profile *profile)
{
	struct registry *registry = userdata;
	struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link)
		if (domain->profile == profile)
			domain_refresh(domain);
}

static void on_complaints(void *userdata, struct profile *profile)
{
	struct registry *registry = userdata;
	struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link)
		if (domain->profile == profile)
			domain_complain(domain);
}

static void on_expiry(void *userdata)
{
	domains_expire(userdata);
}

static void on_deadline(void *userdata)
{
	inquiries_expire(userdata);
}

static void tell_agent(struct registry *registry, uint64_t question_id,
		       const char *sentence)
{
	/* The first member of the supervisor. */
	prompt_plugin_tell(((struct supervisor *)registry)->prompt, question_id,
			   sentence);
}

static void on_retry(void *userdata)
{
	later_retry(userdata);
}

static int open_wakeups(struct registry *registry)
{
	int error =
		wakeup_new(&registry->expiry, registry->loop, registry->clock,
			   WAKEUP_WALL, on_expiry, registry);

	if (!error)
		error = wakeup_new(&registry->deadline, registry->loop,
				   registry->clock, WAKEUP_BOOT, on_deadline,
				   registry);
	if (!error)
		error = wakeup_new(&registry->retry, registry->loop,
				   registry->clock, WAKEUP_BOOT, on_retry,
				   registry);
	return error;
}

void supervisor_look(struct supervisor *supervisor)
{
	struct registry *registry = &supervisor->registry;

	while (wakeup_look(registry->expiry) ||
	       wakeup_look(registry->deadline) || wakeup_look(registry->retry))
		;
}

static void init_registry(struct registry *registry, struct event_base *loop,
			  const struct supervisor_options *options)
{
	*registry = (struct registry){
		.loop = loop,
		.clock = options->clock ? options->clock : &clock_real,
		.past = options->past,
		.timeout_seconds = options->timeout_seconds,
		.events = &ask_generation_events,
		.tell_agent = tell_agent,
		.chain = {.events = &ask_plugin_events, .userdata = registry},
		.profiles = {.changed = on_profile_changed,
			     .complained = on_complaints,
			     .userdata = registry},
	};
	if (options->places)
		registry->places = *options->places;
	else
		policy_options_default(&registry->places);
	registry->chain.clock = registry->profiles.clock = registry->clock;
	registry->profiles.past = registry->past;
	registry->profiles.places = &registry->places;
	TAILQ_INIT(&registry->domains);
	TAILQ_INIT(&registry->arrivals);
	TAILQ_INIT(&registry->profiles.list);
	TAILQ_INIT(&registry->later);
}

/* Without one it goes on. */
static void open_log(struct registry *registry, const char *path)
{
	const int error =
		audit_log_new(&registry->audit_log, path, registry->clock);

	if (error)
		log_warning("no log is kept: %s",
			    error == -ENXIO ? "neither HOME nor XDG_STATE_HOME "
					      "is set"
			    : error == -EINVAL ? "it is not a regular file"
					       : strerror(-error));
}

int supervisor_new(struct supervisor **ret, struct event_base *loop,
		   const struct supervisor_options *options)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));
	struct registry *registry;
	int error;

	if (!supervisor)
		return -ENOMEM;
	registry = &supervisor->registry;
	init_registry(registry, loop, options);
	error = open_wakeups(registry);
	if (!error)
		error = add_builtin_plugins(supervisor);
	if (!error)
		error = wait_graph_new(&registry->wait_graph, registry);
	if (!error && !options->no_watch)
		error = policy_watcher_new(&registry->profiles.watcher, loop,
					   registry->clock);
	if (error) {
		supervisor_free(supervisor);
		return error;
	}
	if (!options->past)
		open_log(registry, options->log_path);
	*ret = supervisor;
	return 0;
}

struct supervisor *supervisor_free(struct supervisor *supervisor)
{
	struct registry *registry;

	if (!supervisor)
		return NULL;
	registry = &supervisor->registry;
	later_finish(registry);
	plugin_chain_finish(&registry->chain);
	wait_graph_free(registry->wait_graph);
	profiles_discard(&registry->profiles);
	policy_watcher_free(registry->profiles.watcher);
	audit_log_free(registry->audit_log);
	wakeup_free(registry->expiry);
	wakeup_free(registry->deadline);
	wakeup_free(registry->retry);
	free(supervisor);
	return NULL;
}

void supervisor_reload(struct supervisor *supervisor)
{
	struct registry *registry = &supervisor->registry;
	struct profile *profile;
	struct domain *domain;

	TAILQ_FOREACH (profile, &registry->profiles.list, link)
		if (profile_reload(profile, NULL) < 0)
			log_error("the policy of %s was not reloaded: what "
				  "holds stays",
				  profile->app);
	TAILQ_FOREACH (domain, &registry->domains, link)
		domain_refresh(domain);
}

int supervisor_subscribe(struct supervisor *supervisor, struct agent *agent,
			 pid_t pid, char **ret_sentence)
{
	struct registry *registry = &supervisor->registry;
	int error = wait_graph_add_agent(registry->wait_graph, agent, pid,
					 ret_sentence);

	if (error)
		return error;
	error = prompt_plugin_subscribe(supervisor->prompt, agent);
	if (error) {
		wait_graph_remove_agent(registry->wait_graph, agent);
		return error;
	}
	prompt_plugin_reconsider(supervisor->prompt);
	ask_waiting(registry);
	return 0;
}

int supervisor_hang(struct supervisor *supervisor, struct agent *agent,
		    uint64_t levers)
{
	const int error =
		wait_graph_hang(supervisor->registry.wait_graph, agent, levers);

	prompt_plugin_reconsider(supervisor->prompt);
	return error;
}

int supervisor_postpone(struct supervisor *supervisor, uint64_t question_id,
			int64_t *ret_deadline)
{
	struct inquiry *inquiry =
		inquiry_by_id(&supervisor->registry, question_id);

	if (!inquiry || inquiry_is_decided(inquiry))
		return -ENOENT;
	inquiry_postpone(inquiry);
	prompt_plugin_postpone(supervisor->prompt, question_id,
			       inquiry->deadline);
	*ret_deadline = inquiry->deadline;
	return 0;
}

int supervisor_may_allow(struct supervisor *supervisor,
			 const struct agent *agent, uint64_t question_id,
			 char **ret_sentence)
{
	const struct inquiry *inquiry =
		inquiry_by_id(&supervisor->registry, question_id);

	return inquiry ? wait_graph_may_allow(supervisor->registry.wait_graph,
					      agent, inquiry->domain,
					      ret_sentence)
		       : 0;
}

void supervisor_unsubscribe(struct supervisor *supervisor, struct agent *agent)
{
	wait_graph_remove_agent(supervisor->registry.wait_graph, agent);
	prompt_plugin_unsubscribe(supervisor->prompt, agent);
}
