/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The graph "X waits for Y's decision".
 *
 * Its nodes are processes, domains, agents and plugins. An edge is added when
 * one starts to depend on the verdicts of another: spawn, registration, an
 * agent's subscription, a descriptor handed over, a commit. The graph never has
 * a cycle, so nobody decides for himself and nobody waits for himself.
 *
 * Edges are counted: one that was added twice has to be removed twice.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

enum graph_kind {
	GRAPH_PROCESS,
	GRAPH_DOMAIN,
	GRAPH_AGENT,
	GRAPH_PLUGIN,
	GRAPH_KINDS_,
};

/*
 * @id: unique within its kind. A process: its pid and start time mixed by the
 * owner, so that a reused pid is another node.
 */
struct graph_node {
	enum graph_kind kind;
	uint64_t id;
};

/* The nodes of a cycle in order, the first repeated at the end. */
struct graph_cycle {
	struct graph_node *nodes; /* owned */
	size_t count;
};

struct graph;

/* Returns: 0 or -ENOMEM. */
int graph_new(struct graph **ret);

/* Takes NULL; always returns NULL. */
struct graph *graph_free(struct graph *graph);
DEFINE_CLEANUP(struct graph *, graph_free);

/*
 * Adds an edge; nodes come into being with their first edge.
 * @ret_cycle: may be NULL; filled when the edge is refused, the caller calls
 *             graph_cycle_finish()
 * Returns: 0, -EDEADLK when the edge would close a cycle, -ENOMEM. On failure
 *          the graph is as it was.
 */
int graph_add_edge(struct graph *graph, struct graph_node from,
		   struct graph_node to, struct graph_cycle *ret_cycle);

/* Returns: 0, -ENOENT when there is no such edge. */
int graph_remove_edge(struct graph *graph, struct graph_node from,
		      struct graph_node to);

/* Removes a node with all its edges; one that is unknown is no error. */
void graph_remove_node(struct graph *graph, struct graph_node node);

size_t graph_node_count(const struct graph *graph);

/* "process", "domain", "agent", "plugin". */
const char *graph_kind_name(enum graph_kind kind);

/*
 * Says a cycle: "domain 3 waits for agent 7, which waits for domain 3".
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *graph_cycle_format(const struct graph_cycle *cycle);

void graph_cycle_finish(struct graph_cycle *cycle);
