/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The edges of the wait-for graph (wait_graph.h): domains wait for agents, and
 * agents for the domains that move them. They never close a circle.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum wait_kind { WAIT_AGENT, WAIT_DOMAIN };

struct wait_node {
	enum wait_kind kind;
	uint64_t id; /* unique within its kind */
};

struct wait_edge {
	struct wait_node from, to;
	/* Of the last search that has come here. */
	uint64_t search;
	size_t back, next; /* the edge before; the one to look at then */
};

struct wait_edges {
	struct wait_edge *items; /* sorted by from; each is there once */
	size_t count, allocated;
	uint64_t searches;
};

/* The nodes of a circle in order, the first repeated at the end. */
struct wait_circle {
	struct wait_node *items;
	size_t count; /* 0: there was no memory for it */
};

void wait_edges_finish(struct wait_edges *edges);

/*
 * Whether an edge would close a circle.
 * @ret_circle: filled if so, and to be finished; may be NULL
 * Returns: 0 or -EDEADLK.
 */
int wait_edges_check(struct wait_edges *edges, struct wait_node from,
		     struct wait_node to, struct wait_circle *ret_circle);

/*
 * Adds an edge, unless it is there.
 * Returns: 0; -EDEADLK, as wait_edges_check(); or -ENOMEM.
 */
int wait_edges_add(struct wait_edges *edges, struct wait_node from,
		   struct wait_node to, struct wait_circle *ret_circle);

/* Removes an edge, if it is there. */
void wait_edges_remove(struct wait_edges *edges, struct wait_node from,
		       struct wait_node to);

/* Removes all edges from a node and to it. */
void wait_edges_forget(struct wait_edges *edges, struct wait_node node);

/*
 * Says a circle: "domain 3 waits for agent 7, which waits for domain 3".
 * Returns: a new string (free(3)), or NULL without memory.
 */
char *wait_circle_format(const struct wait_circle *circle);

void wait_circle_finish(struct wait_circle *circle);
