/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for whose decision.
 */
#include "supervision/wait_graph.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "supervision/wait_edges.h"

/* An agent that answers for every domain. */
struct subscriber {
	TAILQ_ENTRY(subscriber) link;
	const struct agent *agent;
	pid_t pid;
	uint64_t id;	 /* in the graph */
	uint64_t levers; /* that it hangs on */
	bool mute;	 /* the graph does not say who moves it */
};

struct wait_graph {
	const struct registry *registry;
	struct wait_edges edges;
	struct levers levers;
	TAILQ_HEAD(, subscriber) subscribers;
	uint64_t last_id;
};

static struct wait_node of_domain(const struct domain *domain)
{
	return (struct wait_node){WAIT_DOMAIN, domain->id};
}

static struct wait_node of_agent(const struct subscriber *subscriber)
{
	return (struct wait_node){WAIT_AGENT, subscriber->id};
}

/* Says a refused edge. Returns: -EDEADLK, or the error it was given. */
static int refuse_edge(int error, struct wait_circle *circle, const char *what,
		       char **ret_sentence)
{
	char *sentence;

	if (error != -EDEADLK)
		return error;
	sentence = wait_circle_format(circle);
	wait_circle_finish(circle);
	if (ret_sentence &&
	    asprintf(ret_sentence, "%s would decide for itself: %s", what,
		     sentence ? sentence : "") < 0)
		*ret_sentence = NULL;
	free(sentence);
	return error;
}

/*
 * The domain moves the agent: the agent waits for it, and it no longer for the
 * agent, nor does what it is inside of.
 * Returns: 0, or -ENOMEM.
 */
static int entangle(struct wait_graph *wait_graph, const struct domain *domain,
		    const struct subscriber *subscriber)
{
	const struct wait_node agent = of_agent(subscriber);
	struct wait_node last = of_domain(domain);
	struct wait_circle circle;
	int error;

	do {
		wait_edges_remove(&wait_graph->edges, last, agent);
		circle = (struct wait_circle){0};
		error = wait_edges_add(&wait_graph->edges, agent,
				       of_domain(domain), &circle);
		if (error == -EDEADLK && circle.count < 2)
			error = -ENOMEM;
		if (error == -EDEADLK)
			last = circle.items[circle.count - 2];
		wait_circle_finish(&circle);
	} while (error == -EDEADLK);
	return error;
}

/*
 * The domain waits for the agent unless it moves it, and the agent for a domain
 * it is inside.
 */
static int link_pair(struct wait_graph *wait_graph, struct domain *domain,
		     const struct subscriber *subscriber,
		     const struct domain *around_agent,
		     struct wait_circle *circle)
{
	int error;

	if (around_agent == domain) {
		error = wait_edges_add(&wait_graph->edges, of_agent(subscriber),
				       of_domain(domain), circle);
		if (error)
			return error;
	}
	if (domain->reached & subscriber->levers)
		return entangle(wait_graph, domain, subscriber);
	return wait_edges_add(&wait_graph->edges, of_domain(domain),
			      of_agent(subscriber), circle);
}

int wait_graph_add_domain(struct wait_graph *wait_graph, struct domain *domain,
			  struct domain *enclosing, char **ret_sentence)
{
	struct wait_circle circle = {0};
	struct subscriber *subscriber;
	struct domain *around;
	int error = 0;

	/* A supervisor inside another tree goes on when that one decides. */
	if (enclosing)
		error = wait_edges_add(&wait_graph->edges, of_domain(domain),
				       of_domain(enclosing), &circle);
	TAILQ_FOREACH (subscriber, &wait_graph->subscribers, link) {
		if (error)
			break;
		error = domain_enclosing(wait_graph->registry, subscriber->pid,
					 &around);
		if (error == -ESRCH) {
			error = 0;
			around = NULL;
		}
		if (!error)
			error = link_pair(wait_graph, domain, subscriber,
					  around, &circle);
	}
	return refuse_edge(error, &circle, "the supervised program",
			   ret_sentence);
}

void wait_graph_remove_domain(struct wait_graph *wait_graph,
			      struct domain *domain)
{
	wait_edges_forget(&wait_graph->edges, of_domain(domain));
}

static int link_subscriber(struct wait_graph *wait_graph,
			   const struct subscriber *subscriber,
			   char **ret_sentence)
{
	struct wait_circle circle = {0};
	struct domain *domain, *around;
	int error = domain_enclosing(wait_graph->registry, subscriber->pid,
				     &around);

	TAILQ_FOREACH (domain, &wait_graph->registry->domains, link)
		if (!error)
			error = link_pair(wait_graph, domain, subscriber,
					  around, &circle);
	return refuse_edge(error, &circle, "an agent inside a supervised tree",
			   ret_sentence);
}

static void forget(struct wait_graph *wait_graph, struct subscriber *subscriber)
{
	TAILQ_REMOVE(&wait_graph->subscribers, subscriber, link);
	wait_edges_forget(&wait_graph->edges, of_agent(subscriber));
	free(subscriber);
}

int wait_graph_add_agent(struct wait_graph *wait_graph,
			 const struct agent *agent, pid_t pid,
			 char **ret_sentence)
{
	struct subscriber *subscriber = calloc(1, sizeof(*subscriber));
	int error;

	if (!subscriber)
		return -ENOMEM;
	subscriber->agent = agent;
	subscriber->pid = pid;
	subscriber->id = ++wait_graph->last_id;
	TAILQ_INSERT_TAIL(&wait_graph->subscribers, subscriber, link);
	error = link_subscriber(wait_graph, subscriber, ret_sentence);
	if (error)
		forget(wait_graph, subscriber);
	return error;
}

static struct subscriber *find(const struct wait_graph *wait_graph,
			       const struct agent *agent)
{
	struct subscriber *subscriber;

	TAILQ_FOREACH (subscriber, &wait_graph->subscribers, link)
		if (subscriber->agent == agent)
			return subscriber;
	return NULL;
}

void wait_graph_remove_agent(struct wait_graph *wait_graph,
			     const struct agent *agent)
{
	struct subscriber *subscriber = find(wait_graph, agent);

	if (subscriber)
		forget(wait_graph, subscriber);
}

/* A domain has got hold of levers. */
static void reach(struct domain *domain, uint64_t levers)
{
	struct wait_graph *wait_graph = domain->registry->wait_graph;
	const uint64_t fresh = levers & ~domain->reached;
	struct subscriber *subscriber;

	if (!fresh)
		return;
	TAILQ_FOREACH (subscriber, &wait_graph->subscribers, link)
		if ((subscriber->levers & fresh) &&
		    !(subscriber->levers & domain->reached) &&
		    entangle(wait_graph, domain, subscriber) < 0)
			subscriber->mute = true;
	domain->reached |= fresh;
}

void wait_graph_reach_rules(struct domain *domain,
			    const struct ruleset *ruleset)
{
	reach(domain,
	      levers_reached(&domain->registry->wait_graph->levers, ruleset));
}

void wait_graph_reach_request(struct domain *domain,
			      const struct request *request)
{
	reach(domain,
	      levers_asked(&domain->registry->wait_graph->levers, request));
}

/* Finds out again which levers the rules of a domain let it reach. */
static int reach_again(struct domain *domain)
{
	struct ruleset *ruleset;
	int error = domain_ruleset(domain, domain->generation, &ruleset);

	if (error)
		return error;
	wait_graph_reach_rules(domain, ruleset);
	ruleset_unref(ruleset);
	return 0;
}

int wait_graph_add_lever(struct wait_graph *wait_graph,
			 const struct object *object, rights_t rights,
			 uint64_t *ret_set)
{
	const size_t known = wait_graph->levers.count;
	struct domain *domain;
	uint64_t lever = 0;
	const int error =
		levers_add(&wait_graph->levers, object, rights, &lever);

	if (error)
		return error;
	*ret_set |= lever;
	if (wait_graph->levers.count == known)
		return 0;
	/* In doubt, when memory is short, they all reach it. */
	TAILQ_FOREACH (domain, &wait_graph->registry->domains, link)
		if (reach_again(domain) < 0)
			reach(domain, lever);
	return 0;
}

int wait_graph_hang(struct wait_graph *wait_graph, const struct agent *agent,
		    uint64_t levers)
{
	struct subscriber *subscriber = find(wait_graph, agent);
	const uint64_t fresh = levers & ~subscriber->levers;
	struct domain *domain;
	int error = 0;

	TAILQ_FOREACH (domain, &wait_graph->registry->domains, link)
		if (!error && (domain->reached & fresh) &&
		    !(domain->reached & subscriber->levers))
			error = entangle(wait_graph, domain, subscriber);
	subscriber->levers |= levers;
	if (error)
		subscriber->mute = true;
	return error;
}

/* Says in words why an agent may not allow something to a domain. */
static char *say_entangled(const struct wait_graph *wait_graph,
			   const struct subscriber *subscriber,
			   const struct domain *domain,
			   const struct wait_circle *circle)
{
	const uint64_t levers = subscriber->levers & domain->reached;
	_cleanup_free_ char *names = levers_format(&wait_graph->levers, levers);
	_cleanup_free_ char *way = wait_circle_format(circle);
	char *sentence;

	if (asprintf(&sentence,
		     "%s may reach %s, on which this agent hangs, and could "
		     "answer for itself: %s; answer with `landlord agent' on "
		     "a terminal elsewhere, or run it on a display of its own",
		     domain->app,
		     levers && names ? names : "what another tree reaches",
		     way ? way : "") < 0)
		return NULL;
	return sentence;
}

int wait_graph_may_allow(struct wait_graph *wait_graph,
			 const struct agent *agent, const struct domain *domain,
			 char **ret_sentence)
{
	const struct subscriber *subscriber = find(wait_graph, agent);
	struct wait_circle circle = {0};
	int error;

	if (!subscriber)
		return 0;
	if (subscriber->mute)
		return -ENOMEM;
	/* What waits for it already may wait once more. */
	error = wait_edges_check(&wait_graph->edges, of_domain(domain),
				 of_agent(subscriber), &circle);
	if (error == -EDEADLK && ret_sentence)
		*ret_sentence =
			say_entangled(wait_graph, subscriber, domain, &circle);
	wait_circle_finish(&circle);
	return error;
}

char *wait_graph_name_reached(const struct wait_graph *wait_graph,
			      const struct agent *agent,
			      const struct domain *domain)
{
	const struct subscriber *subscriber = find(wait_graph, agent);

	return levers_format(&wait_graph->levers,
			     subscriber ? subscriber->levers & domain->reached
					: 0);
}

int wait_graph_new(struct wait_graph **ret, const struct registry *registry)
{
	struct wait_graph *wait_graph = calloc(1, sizeof(*wait_graph));

	if (!wait_graph)
		return -ENOMEM;
	wait_graph->registry = registry;
	TAILQ_INIT(&wait_graph->subscribers);
	*ret = wait_graph;
	return 0;
}

struct wait_graph *wait_graph_free(struct wait_graph *wait_graph)
{
	if (!wait_graph)
		return NULL;
	while (!TAILQ_EMPTY(&wait_graph->subscribers))
		forget(wait_graph, TAILQ_FIRST(&wait_graph->subscribers));
	wait_edges_finish(&wait_graph->edges);
	levers_finish(&wait_graph->levers);
	free(wait_graph);
	return NULL;
}
