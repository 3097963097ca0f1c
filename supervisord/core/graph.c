/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Invariant: the vertices are sorted by node, every vertex has an edge in or
 * out, and no path leads from a vertex back to itself.
 *
 * A search before each insertion costs the size of what the target waits for,
 * which is small (a chain of supervisors), so nothing cleverer is kept.
 */
#include "core/graph.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct edge {
	struct vertex *to;
	size_t count; /* how often it was added */
};

struct vertex {
	struct graph_node node;
	struct edge *edges;
	size_t edges_count, edges_allocated;
	size_t incoming;       /* distinct edges that end here */
	uint64_t visited;      /* the search that saw it last */
	struct vertex *parent; /* in that search; then also the way back */
	struct vertex *queued; /* next to visit in that search */
};

struct graph {
	struct vertex **vertices;
	size_t count, allocated;
	uint64_t searches;
};

static const char *const kind_names[GRAPH_KINDS_] = {
	[GRAPH_PROCESS] = "process",
	[GRAPH_DOMAIN] = "domain",
	[GRAPH_AGENT] = "agent",
	[GRAPH_PLUGIN] = "plugin",
};

const char *graph_kind_name(enum graph_kind kind)
{
	return kind_names[kind];
}

int graph_new(struct graph **ret)
{
	struct graph *const graph = calloc(1, sizeof(*graph));

	if (!graph)
		return -ENOMEM;
	*ret = graph;
	return 0;
}

static void vertex_free(struct vertex *vertex)
{
	free(vertex->edges);
	free(vertex);
}

struct graph *graph_free(struct graph *graph)
{
	if (!graph)
		return NULL;
	for (size_t i = 0; i < graph->count; i++)
		vertex_free(graph->vertices[i]);
	free(graph->vertices);
	free(graph);
	return NULL;
}

static int compare_nodes(struct graph_node a, struct graph_node b)
{
	if (a.kind != b.kind)
		return a.kind < b.kind ? -1 : 1;
	return a.id < b.id ? -1 : a.id > b.id;
}

/* The index of a node's vertex, or where it belongs. */
static size_t find_index(const struct graph *graph, struct graph_node node)
{
	size_t low = 0, high = graph->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_nodes(graph->vertices[middle]->node, node) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct vertex *find(const struct graph *graph, struct graph_node node)
{
	const size_t i = find_index(graph, node);

	if (i == graph->count ||
	    compare_nodes(graph->vertices[i]->node, node) != 0)
		return NULL;
	return graph->vertices[i];
}

static struct edge *find_edge(const struct vertex *from,
			      const struct vertex *to)
{
	for (size_t i = 0; i < from->edges_count; i++)
		if (from->edges[i].to == to)
			return &from->edges[i];
	return NULL;
}

static struct vertex *add_vertex(struct graph *graph, struct graph_node node)
{
	const size_t at = find_index(graph, node);
	struct vertex *vertex;

	if (graph->count == graph->allocated) {
		const size_t allocated =
			graph->allocated ? graph->allocated * 2 : 16;
		struct vertex **const vertices = reallocarray(
			graph->vertices, allocated, sizeof(struct vertex *));

		if (!vertices)
			return NULL;
		graph->vertices = vertices;
		graph->allocated = allocated;
	}
	vertex = calloc(1, sizeof(*vertex));
	if (!vertex)
		return NULL;
	vertex->node = node;
	memmove(&graph->vertices[at + 1], &graph->vertices[at],
		(graph->count - at) * sizeof(struct vertex *));
	graph->vertices[at] = vertex;
	graph->count++;
	return vertex;
}

static void remove_vertex(struct graph *graph, struct vertex *vertex)
{
	const size_t at = find_index(graph, vertex->node);

	graph->count--;
	memmove(&graph->vertices[at], &graph->vertices[at + 1],
		(graph->count - at) * sizeof(struct vertex *));
	vertex_free(vertex);
}

static void remove_if_lonely(struct graph *graph, struct vertex *vertex)
{
	if (vertex && vertex->edges_count == 0 && vertex->incoming == 0)
		remove_vertex(graph, vertex);
}

/*
 * Searches breadth first for a path; allocates nothing.
 * On success the parents lead from @to back to @from.
 */
static bool path_exists(struct graph *graph, struct vertex *from,
			const struct vertex *to)
{
	const uint64_t search = ++graph->searches;
	struct vertex *last = from;

	from->visited = search;
	from->parent = NULL;
	from->queued = NULL;
	for (struct vertex *next = from; next; next = next->queued) {
		if (next == to)
			return true;
		for (size_t i = 0; i < next->edges_count; i++) {
			struct vertex *const seen = next->edges[i].to;

			if (seen->visited == search)
				continue;
			seen->visited = search;
			seen->parent = next;
			seen->queued = NULL;
			last->queued = seen;
			last = seen;
		}
	}
	return false;
}

/*
 * The cycle that an edge @from -> ... would close, after path_exists() has
 * found the way from the edge's end to @from. Left empty without memory: the
 * refusal matters more than its explanation.
 */
static void fill_cycle(const struct vertex *from, struct graph_cycle *ret)
{
	size_t count = 1, at;

	*ret = (struct graph_cycle){0};
	for (const struct vertex *v = from; v; v = v->parent)
		count++;
	ret->nodes = calloc(count, sizeof(*ret->nodes));
	if (!ret->nodes)
		return;
	ret->count = count;
	at = count - 1;
	for (const struct vertex *v = from; v; v = v->parent)
		ret->nodes[at--] = v->node;
	ret->nodes[0] = from->node;
}

static int insert_edge(struct vertex *from, struct vertex *to)
{
	struct edge *const known = find_edge(from, to);

	if (known) {
		known->count++;
		return 0;
	}
	if (from->edges_count == from->edges_allocated) {
		const size_t allocated =
			from->edges_allocated ? from->edges_allocated * 2 : 4;
		struct edge *const edges = reallocarray(from->edges, allocated,
							sizeof(struct edge));

		if (!edges)
			return -ENOMEM;
		from->edges = edges;
		from->edges_allocated = allocated;
	}
	from->edges[from->edges_count++] = (struct edge){.to = to, .count = 1};
	to->incoming++;
	return 0;
}

int graph_add_edge(struct graph *graph, struct graph_node from_node,
		   struct graph_node to_node, struct graph_cycle *ret_cycle)
{
	struct vertex *from = find(graph, from_node);
	struct vertex *to;
	int error = -ENOMEM;

	if (!from)
		from = add_vertex(graph, from_node);
	to = find(graph, to_node);
	if (!to)
		to = add_vertex(graph, to_node);
	if (from && to) {
		if (path_exists(graph, to, from)) {
			if (ret_cycle)
				fill_cycle(from, ret_cycle);
			error = -EDEADLK;
		} else {
			error = insert_edge(from, to);
		}
	}
	if (error < 0) {
		if (to != from)
			remove_if_lonely(graph, to);
		remove_if_lonely(graph, from);
	}
	return error;
}

static void drop_edge(struct vertex *from, struct edge *edge)
{
	edge->to->incoming--;
	*edge = from->edges[--from->edges_count];
}

int graph_remove_edge(struct graph *graph, struct graph_node from_node,
		      struct graph_node to_node)
{
	struct vertex *const from = find(graph, from_node);
	struct vertex *const to = find(graph, to_node);
	struct edge *const edge = from && to ? find_edge(from, to) : NULL;

	if (!edge)
		return -ENOENT;
	if (--edge->count > 0)
		return 0;
	drop_edge(from, edge);
	remove_if_lonely(graph, to);
	remove_if_lonely(graph, from);
	return 0;
}

void graph_remove_node(struct graph *graph, struct graph_node node)
{
	struct vertex *const vertex = find(graph, node);

	if (!vertex)
		return;
	/* From the end, since vertices that become lonely leave the array. */
	for (size_t i = graph->count; vertex->incoming > 0 && i-- > 0;) {
		struct vertex *const from = graph->vertices[i];
		struct edge *const edge = find_edge(from, vertex);

		if (!edge)
			continue;
		drop_edge(from, edge);
		remove_if_lonely(graph, from);
	}
	while (vertex->edges_count > 0) {
		struct vertex *const to = vertex->edges[0].to;

		drop_edge(vertex, &vertex->edges[0]);
		remove_if_lonely(graph, to);
	}
	remove_vertex(graph, vertex);
}

size_t graph_node_count(const struct graph *graph)
{
	return graph->count;
}

char *graph_cycle_format(const struct graph_cycle *cycle)
{
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < cycle->count; i++) {
		if (i > 0)
			fputs(i == 1 ? " waits for " : ", which waits for ",
			      out);
		fprintf(out, "%s %" PRIu64,
			graph_kind_name(cycle->nodes[i].kind),
			cycle->nodes[i].id);
	}
	return text_finish(out, &text);
}

void graph_cycle_finish(struct graph_cycle *cycle)
{
	free(cycle->nodes);
	*cycle = (struct graph_cycle){0};
}
