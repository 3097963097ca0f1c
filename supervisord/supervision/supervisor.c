/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor: what the daemon and the embedded default share.
 */
#include "supervision/supervisor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "plugin/rules.h"
#include "policy/watch.h"
#include "supervision/inquiry.h"
#include "supervision/process.h"
#include "supervision/profile.h"

/* An agent that answers for every domain. */
struct subscriber {
	TAILQ_ENTRY(subscriber) link;
	struct agent *agent;
	pid_t pid;
	uint64_t id;
};

static struct graph_node domain_node(const struct domain *domain)
{
	return (struct graph_node){GRAPH_DOMAIN, domain->id};
}

static struct graph_node agent_node(const struct subscriber *subscriber)
{
	return (struct graph_node){GRAPH_AGENT, subscriber->id};
}

uint64_t supervisor_next_id(struct supervisor *supervisor)
{
	return ++supervisor->last_id;
}

struct inquiry *supervisor_inquiry(const struct supervisor *supervisor,
				   uint64_t question_id)
{
	struct inquiry *inquiry;
	struct domain *domain;

	TAILQ_FOREACH (domain, &supervisor->domains, link)
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->id == question_id)
				return inquiry;
	return NULL;
}

struct domain *supervisor_domain(const struct supervisor *supervisor,
				 uint64_t id)
{
	struct domain *domain;

	TAILQ_FOREACH (domain, &supervisor->domains, link)
		if (domain->id == id)
			return domain;
	return NULL;
}

static void on_complete(void *userdata, struct plugin *plugin,
			uint64_t question_id, enum verdict verdict,
			const struct decision *decision)
{
	struct supervisor *supervisor = userdata;
	struct inquiry *inquiry = supervisor_inquiry(supervisor, question_id);

	if (!inquiry || inquiry->state != INQUIRY_PUT ||
	    inquiry->plugin >= supervisor->plugins_count ||
	    supervisor->plugins[inquiry->plugin] != plugin)
		return;
	if (verdict == VERDICT_DECIDED) {
		inquiry_decide(inquiry, decision);
	} else {
		inquiry->plugin++;
		inquiry_put(inquiry);
	}
}

static const struct plugin_events plugin_events = {
	.complete = on_complete,
};

static int append_plugin(struct supervisor *supervisor, struct plugin *plugin)
{
	if (supervisor->plugins_count == SUPERVISOR_PLUGINS_MAX)
		return -ENOSPC;
	plugin->events = &plugin_events;
	plugin->userdata = supervisor;
	supervisor->plugins[supervisor->plugins_count++] = plugin;
	return 0;
}

int supervisor_add_plugin(struct supervisor *supervisor, struct plugin *plugin)
{
	const size_t last = supervisor->plugins_count - 1;
	int r = append_plugin(supervisor, plugin);

	if (r < 0)
		return r;
	/* The prompt stays the last resort. */
	supervisor->plugins[last + 1] = supervisor->plugins[last];
	supervisor->plugins[last] = plugin;
	return 0;
}

static int add_builtin_plugins(struct supervisor *supervisor)
{
	struct plugin *rules = rules_plugin_new();
	int r;

	if (!rules)
		return -ENOMEM;
	append_plugin(supervisor, rules);
	r = prompt_plugin_new(&supervisor->prompt);
	if (r == 0)
		append_plugin(supervisor, prompt_plugin(supervisor->prompt));
	return r;
}

int supervisor_new(struct supervisor **ret, struct event_base *loop,
		   const struct supervisor_options *options)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));
	int r;

	if (!supervisor)
		return -ENOMEM;
	supervisor->loop = loop;
	supervisor->timeout_seconds = options->timeout_seconds;
	TAILQ_INIT(&supervisor->domains);
	TAILQ_INIT(&supervisor->profiles);
	TAILQ_INIT(&supervisor->subscribers);
	r = add_builtin_plugins(supervisor);
	if (r == 0)
		r = graph_new(&supervisor->graph);
	if (r == 0 && !options->no_watch)
		r = policy_watcher_new(&supervisor->watcher, loop);
	if (r < 0) {
		supervisor_free(supervisor);
		return r;
	}
	r = record_new(&supervisor->record, options->log_path);
	if (r < 0)
		log_warning("no log is kept: %s", strerror(-r));
	*ret = supervisor;
	return 0;
}

struct supervisor *supervisor_free(struct supervisor *supervisor)
{
	struct subscriber *subscriber;

	if (!supervisor)
		return NULL;
	while ((subscriber = TAILQ_FIRST(&supervisor->subscribers)))
		supervisor_unsubscribe(supervisor, subscriber->agent);
	for (size_t i = supervisor->plugins_count; i-- > 0;)
		supervisor->plugins[i]->ops->free(supervisor->plugins[i]);
	graph_free(supervisor->graph);
	policy_watcher_free(supervisor->watcher);
	record_free(supervisor->record);
	free(supervisor);
	return NULL;
}

void supervisor_reload(struct supervisor *supervisor)
{
	struct profile *profile;
	struct domain *domain;

	TAILQ_FOREACH (profile, &supervisor->profiles, link)
		if (profile_reload(profile, NULL) < 0)
			log_error("the policy of %s was not reloaded: what "
				  "holds stays",
				  profile->app);
	TAILQ_FOREACH (domain, &supervisor->domains, link)
		domain_refresh(domain);
}

/* Walks up from a process to the nearest registered domain. */
struct enclosing {
	const struct supervisor *supervisor;
	pid_t pid; /* where the walk began */
	struct domain *found;
};

static bool match_domain(void *userdata, pid_t pid)
{
	struct enclosing *enclosing = userdata;
	struct domain *domain;

	TAILQ_FOREACH (domain, &enclosing->supervisor->domains, link) {
		/* A supervisor is above its tree, not inside. */
		if ((pid == domain->monitor_pid && pid != enclosing->pid) ||
		    pid == domain->root_pid) {
			enclosing->found = domain;
			return true;
		}
	}
	return false;
}

int supervisor_enclosing(const struct supervisor *supervisor, pid_t pid,
			 struct domain **ret)
{
	struct enclosing enclosing = {.supervisor = supervisor, .pid = pid};
	int r = 0;

	if (!TAILQ_EMPTY(&supervisor->domains))
		r = process_walk(pid, match_domain, &enclosing);
	if (r < 0)
		return r;
	*ret = enclosing.found;
	return 0;
}

/* Says a refused edge. Returns: -EDEADLK, or the error it was given. */
static int refuse_edge(int error, struct graph_cycle *cycle, const char *what,
		       char **error_ret)
{
	char *sentence;

	if (error != -EDEADLK)
		return error;
	sentence = graph_cycle_format(cycle);
	graph_cycle_finish(cycle);
	if (error_ret && asprintf(error_ret, "%s would decide for itself: %s",
				  what, sentence ? sentence : "") < 0)
		*error_ret = NULL;
	free(sentence);
	return error;
}

/* The domain waits for the agent, and the agent for a domain it is inside. */
static int link_pair(struct supervisor *supervisor, struct domain *domain,
		     const struct subscriber *subscriber,
		     const struct domain *around_agent,
		     struct graph_cycle *cycle)
{
	int r;

	if (around_agent == domain) {
		r = graph_add_edge(supervisor->graph, agent_node(subscriber),
				   domain_node(domain), cycle);
		if (r < 0)
			return r;
	}
	return graph_add_edge(supervisor->graph, domain_node(domain),
			      agent_node(subscriber), cycle);
}

int supervisor_link(struct supervisor *supervisor, struct domain *domain,
		    struct domain *enclosing, char **error_ret)
{
	struct graph_cycle cycle = {};
	struct subscriber *subscriber;
	struct domain *around;
	int r = 0;

	/* A supervisor inside another tree goes on when that one decides. */
	if (enclosing)
		r = graph_add_edge(supervisor->graph, domain_node(domain),
				   domain_node(enclosing), &cycle);
	TAILQ_FOREACH (subscriber, &supervisor->subscribers, link) {
		if (r < 0)
			break;
		r = supervisor_enclosing(supervisor, subscriber->pid, &around);
		if (r == -ESRCH) {
			r = 0;
			around = NULL;
		}
		if (r == 0)
			r = link_pair(supervisor, domain, subscriber, around,
				      &cycle);
	}
	return refuse_edge(r, &cycle, "the supervised program", error_ret);
}

void supervisor_unlink(struct supervisor *supervisor, struct domain *domain)
{
	graph_remove_node(supervisor->graph, domain_node(domain));
}

static int link_subscriber(struct supervisor *supervisor,
			   const struct subscriber *subscriber,
			   char **error_ret)
{
	struct graph_cycle cycle = {};
	struct domain *domain, *around;
	int r = supervisor_enclosing(supervisor, subscriber->pid, &around);

	TAILQ_FOREACH (domain, &supervisor->domains, link)
		if (r == 0)
			r = link_pair(supervisor, domain, subscriber, around,
				      &cycle);
	return refuse_edge(r, &cycle, "an agent inside a supervised tree",
			   error_ret);
}

/* Questions that nobody was there for. */
static void put_waiting(struct supervisor *supervisor)
{
	struct inquiry *inquiry, *next;
	struct domain *domain;

	TAILQ_FOREACH (domain, &supervisor->domains, link)
		for (inquiry = TAILQ_FIRST(&domain->inquiries); inquiry;
		     inquiry = next) {
			next = TAILQ_NEXT(inquiry, link);
			if (inquiry->state != INQUIRY_PUT ||
			    inquiry->plugin < supervisor->plugins_count)
				continue;
			inquiry->plugin = supervisor->plugins_count - 1;
			inquiry_put(inquiry);
		}
}

int supervisor_subscribe(struct supervisor *supervisor, struct agent *agent,
			 pid_t pid, char **error_ret)
{
	struct subscriber *subscriber = calloc(1, sizeof(*subscriber));
	int r;

	if (!subscriber)
		return -ENOMEM;
	subscriber->agent = agent;
	subscriber->pid = pid;
	subscriber->id = supervisor_next_id(supervisor);
	r = link_subscriber(supervisor, subscriber, error_ret);
	if (r == 0)
		r = prompt_subscribe(supervisor->prompt, agent);
	if (r < 0) {
		graph_remove_node(supervisor->graph, agent_node(subscriber));
		free(subscriber);
		return r;
	}
	TAILQ_INSERT_TAIL(&supervisor->subscribers, subscriber, link);
	put_waiting(supervisor);
	return 0;
}

void supervisor_unsubscribe(struct supervisor *supervisor, struct agent *agent)
{
	struct subscriber *subscriber;

	TAILQ_FOREACH (subscriber, &supervisor->subscribers, link)
		if (subscriber->agent == agent)
			break;
	if (subscriber) {
		TAILQ_REMOVE(&supervisor->subscribers, subscriber, link);
		graph_remove_node(supervisor->graph, agent_node(subscriber));
		free(subscriber);
	}
	prompt_unsubscribe(supervisor->prompt, agent);
}
