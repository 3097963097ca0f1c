/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for whose decision.
 */
#include "supervision/waits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/graph.h"

/* An agent that answers for every domain. */
struct subscriber {
	TAILQ_ENTRY(subscriber) link;
	const struct agent *agent;
	pid_t pid;
	uint64_t id; /* in the graph */
};

struct waits {
	const struct registry *registry;
	struct graph *graph;
	TAILQ_HEAD(, subscriber) subscribers;
	uint64_t last_id;
};

static struct graph_node domain_node(const struct domain *domain)
{
	return (struct graph_node){GRAPH_DOMAIN, domain->id};
}

static struct graph_node agent_node(const struct subscriber *subscriber)
{
	return (struct graph_node){GRAPH_AGENT, subscriber->id};
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
static int link_pair(struct waits *waits, struct domain *domain,
		     const struct subscriber *subscriber,
		     const struct domain *around_agent,
		     struct graph_cycle *cycle)
{
	int r;

	if (around_agent == domain) {
		r = graph_add_edge(waits->graph, agent_node(subscriber),
				   domain_node(domain), cycle);
		if (r < 0)
			return r;
	}
	return graph_add_edge(waits->graph, domain_node(domain),
			      agent_node(subscriber), cycle);
}

int waits_add_domain(struct waits *waits, struct domain *domain,
		     struct domain *enclosing, char **error_ret)
{
	struct graph_cycle cycle = {};
	struct subscriber *subscriber;
	struct domain *around;
	int r = 0;

	/* A supervisor inside another tree goes on when that one decides. */
	if (enclosing)
		r = graph_add_edge(waits->graph, domain_node(domain),
				   domain_node(enclosing), &cycle);
	TAILQ_FOREACH (subscriber, &waits->subscribers, link) {
		if (r < 0)
			break;
		r = domain_enclosing(waits->registry, subscriber->pid, &around);
		if (r == -ESRCH) {
			r = 0;
			around = NULL;
		}
		if (r == 0)
			r = link_pair(waits, domain, subscriber, around,
				      &cycle);
	}
	return refuse_edge(r, &cycle, "the supervised program", error_ret);
}

void waits_remove_domain(struct waits *waits, struct domain *domain)
{
	graph_remove_node(waits->graph, domain_node(domain));
}

static int link_subscriber(struct waits *waits,
			   const struct subscriber *subscriber,
			   char **error_ret)
{
	struct graph_cycle cycle = {};
	struct domain *domain, *around;
	int r = domain_enclosing(waits->registry, subscriber->pid, &around);

	TAILQ_FOREACH (domain, &waits->registry->domains, link)
		if (r == 0)
			r = link_pair(waits, domain, subscriber, around,
				      &cycle);
	return refuse_edge(r, &cycle, "an agent inside a supervised tree",
			   error_ret);
}

static void forget(struct waits *waits, struct subscriber *subscriber)
{
	TAILQ_REMOVE(&waits->subscribers, subscriber, link);
	graph_remove_node(waits->graph, agent_node(subscriber));
	free(subscriber);
}

int waits_add_agent(struct waits *waits, const struct agent *agent, pid_t pid,
		    char **error_ret)
{
	struct subscriber *subscriber = calloc(1, sizeof(*subscriber));
	int r;

	if (!subscriber)
		return -ENOMEM;
	subscriber->agent = agent;
	subscriber->pid = pid;
	subscriber->id = ++waits->last_id;
	TAILQ_INSERT_TAIL(&waits->subscribers, subscriber, link);
	r = link_subscriber(waits, subscriber, error_ret);
	if (r < 0)
		forget(waits, subscriber);
	return r;
}

void waits_remove_agent(struct waits *waits, const struct agent *agent)
{
	struct subscriber *subscriber;

	TAILQ_FOREACH (subscriber, &waits->subscribers, link)
		if (subscriber->agent == agent) {
			forget(waits, subscriber);
			return;
		}
}

int waits_new(struct waits **ret, const struct registry *registry)
{
	struct waits *waits = calloc(1, sizeof(*waits));

	if (!waits)
		return -ENOMEM;
	waits->registry = registry;
	TAILQ_INIT(&waits->subscribers);
	if (graph_new(&waits->graph) < 0) {
		free(waits);
		return -ENOMEM;
	}
	*ret = waits;
	return 0;
}

struct waits *waits_free(struct waits *waits)
{
	if (!waits)
		return NULL;
	while (!TAILQ_EMPTY(&waits->subscribers))
		forget(waits, TAILQ_FIRST(&waits->subscribers));
	graph_free(waits->graph);
	free(waits);
	return NULL;
}
