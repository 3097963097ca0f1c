/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waits: who waits for whose decision. Nobody may decide for himself, so an
 * edge that would close a circle is refused, when it is added.
 *
 * A domain that may reach a lever of an agent can make it say what it likes:
 * there the agent waits for the domain. It is asked all the same, and may deny;
 * but the domain does not wait for what it allows, and that counts for nothing.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "supervision/domain.h"
#include "supervision/levers.h"

struct wait_graph;

/* @registry: borrowed. Returns: 0 or -ENOMEM. */
int wait_graph_new(struct wait_graph **ret, const struct registry *registry);

/* Takes NULL; always returns NULL. */
struct wait_graph *wait_graph_free(struct wait_graph *wait_graph);

/*
 * Adds what a new domain waits for, and who waits for it.
 * @enclosing: the domain that its supervisor is inside; may be NULL
 * @ret_sentence: on failure a sentence (free(3)); may be NULL
 * Returns: 0, -EDEADLK, -ENOMEM, or another negative errno.
 */
int wait_graph_add_domain(struct wait_graph *wait_graph, struct domain *domain,
			  struct domain *enclosing, char **ret_sentence);
void wait_graph_remove_domain(struct wait_graph *wait_graph,
			      struct domain *domain);

/* Adds an agent, a process that every domain waits for. Returns: the same. */
int wait_graph_add_agent(struct wait_graph *wait_graph,
			 const struct agent *agent, pid_t pid,
			 char **ret_sentence);
void wait_graph_remove_agent(struct wait_graph *wait_graph,
			     const struct agent *agent);

/* Adds a lever, or finds it: see levers_add(). */
int wait_graph_add_lever(struct wait_graph *wait_graph,
			 const struct object *object, rights_t rights,
			 uint64_t *ret_set);

/*
 * An agent hangs on these, besides those that it has named before.
 * @agent: one that was added
 * Returns: 0; or a negative errno: it may allow nothing to anybody from then
 * on.
 */
int wait_graph_hang(struct wait_graph *wait_graph, const struct agent *agent,
		    uint64_t levers);

/*
 * Levers that rules are about to let a domain reach, or an answer: to be called
 * before they are in force. Those that it has reached it has for good.
 */
void wait_graph_reach_rules(struct domain *domain,
			    const struct ruleset *ruleset);
void wait_graph_reach_request(struct domain *domain,
			      const struct request *request);

/*
 * Whether an agent may allow something to a domain. One that was not added, the
 * domain's own, may.
 * @ret_sentence: a sentence that says why not (free(3)); may be NULL
 * Returns: 0, -EDEADLK when the domain can make it answer, or another negative
 * errno.
 */
int wait_graph_may_allow(struct wait_graph *wait_graph,
			 const struct agent *agent, const struct domain *domain,
			 char **ret_sentence);

/* The levers of an agent that a domain has reached; see levers_format(). */
char *wait_graph_name_reached(const struct wait_graph *wait_graph,
			      const struct agent *agent,
			      const struct domain *domain);
