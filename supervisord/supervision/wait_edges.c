/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The edges of the wait-for graph: see wait_edges.h.
 *
 * A search before each insertion costs the size of what the target waits for,
 * which is small (a chain of supervisors), so nothing cleverer is kept.
 */
#include "supervision/wait_edges.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define NONE SIZE_MAX

static int compare(struct wait_node a, struct wait_node b)
{
	if (a.kind != b.kind)
		return a.kind < b.kind ? -1 : 1;
	return a.id < b.id ? -1 : a.id > b.id;
}

static bool is_same(struct wait_node a, struct wait_node b)
{
	return compare(a, b) == 0;
}

/* The first edge from somebody, or where it belongs. */
static size_t first_from(const struct wait_edges *edges, struct wait_node from)
{
	size_t low = 0, high = edges->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare(edges->items[middle].from, from) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_from(const struct wait_edges *edges, size_t at,
		    struct wait_node from)
{
	return at < edges->count && is_same(edges->items[at].from, from);
}

static size_t find(const struct wait_edges *edges, struct wait_node from,
		   struct wait_node to)
{
	for (size_t at = first_from(edges, from); is_from(edges, at, from);
	     at++)
		if (is_same(edges->items[at].to, to))
			return at;
	return NONE;
}

/*
 * Has a search look at all edges from somebody, unless it does already.
 * @back: the edge that has led there, or NONE
 * @last: of those to be looked at; NONE: there is none yet
 */
static void look_from(struct wait_edges *edges, struct wait_node from,
		      size_t back, size_t *last)
{
	size_t at = first_from(edges, from);

	if (is_from(edges, at, from) &&
	    edges->items[at].search == edges->searches)
		return;
	for (; is_from(edges, at, from); at++) {
		edges->items[at].search = edges->searches;
		edges->items[at].back = back;
		edges->items[at].next = NONE;
		if (*last != NONE)
			edges->items[*last].next = at;
		*last = at;
	}
}

/*
 * Searches breadth first for a way; allocates nothing.
 * Returns: the last edge of it, or NONE.
 */
static size_t find_way(struct wait_edges *edges, struct wait_node from,
		       struct wait_node to)
{
	size_t last = NONE, at;

	edges->searches++;
	look_from(edges, from, NONE, &last);
	at = last == NONE ? NONE : first_from(edges, from);
	for (; at != NONE; at = edges->items[at].next) {
		if (is_same(edges->items[at].to, to))
			return at;
		look_from(edges, edges->items[at].to, at, &last);
	}
	return NONE;
}

/*
 * The circle that an edge would close, as the way back is known. Left empty
 * without memory: the refusal matters more than its explanation.
 */
static void fill_circle(const struct wait_edges *edges, struct wait_node from,
			struct wait_node to, size_t last,
			struct wait_circle *ret)
{
	size_t count = 2;

	*ret = (struct wait_circle){0};
	for (size_t at = last; at != NONE; at = edges->items[at].back)
		count++;
	ret->items = calloc(count, sizeof(*ret->items));
	if (!ret->items)
		return;
	ret->count = count;
	ret->items[0] = from;
	ret->items[1] = to;
	for (size_t at = last; at != NONE; at = edges->items[at].back)
		ret->items[--count] = edges->items[at].to;
}

int wait_edges_check(struct wait_edges *edges, struct wait_node from,
		     struct wait_node to, struct wait_circle *ret_circle)
{
	const size_t last = find_way(edges, to, from);

	if (last == NONE && !is_same(from, to))
		return 0;
	if (ret_circle)
		fill_circle(edges, from, to, last, ret_circle);
	return -EDEADLK;
}

static int reserve(struct wait_edges *edges)
{
	const size_t allocated = edges->allocated ? edges->allocated * 2 : 16;
	struct wait_edge *items;

	if (edges->count < edges->allocated)
		return 0;
	items = reallocarray(edges->items, allocated, sizeof(*items));
	if (!items)
		return -ENOMEM;
	edges->items = items;
	edges->allocated = allocated;
	return 0;
}

int wait_edges_add(struct wait_edges *edges, struct wait_node from,
		   struct wait_node to, struct wait_circle *ret_circle)
{
	int error = wait_edges_check(edges, from, to, ret_circle);
	size_t at;

	if (error || find(edges, from, to) != NONE)
		return error;
	error = reserve(edges);
	if (error)
		return error;
	at = first_from(edges, from);
	memmove(&edges->items[at + 1], &edges->items[at],
		(edges->count++ - at) * sizeof(*edges->items));
	edges->items[at] = (struct wait_edge){.from = from, .to = to};
	return 0;
}

void wait_edges_remove(struct wait_edges *edges, struct wait_node from,
		       struct wait_node to)
{
	const size_t at = find(edges, from, to);

	if (at != NONE)
		memmove(&edges->items[at], &edges->items[at + 1],
			(--edges->count - at) * sizeof(*edges->items));
}

void wait_edges_forget(struct wait_edges *edges, struct wait_node node)
{
	size_t kept = 0;

	for (size_t i = 0; i < edges->count; i++)
		if (!is_same(edges->items[i].from, node) &&
		    !is_same(edges->items[i].to, node))
			edges->items[kept++] = edges->items[i];
	edges->count = kept;
}

void wait_edges_finish(struct wait_edges *edges)
{
	free(edges->items);
	*edges = (struct wait_edges){0};
}

char *wait_circle_format(const struct wait_circle *circle)
{
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < circle->count; i++) {
		if (i > 0)
			fputs(i == 1 ? " waits for " : ", which waits for ",
			      out);
		fprintf(out, "%s %" PRIu64,
			circle->items[i].kind == WAIT_AGENT ? "agent"
							    : "domain",
			circle->items[i].id);
	}
	return text_finish(out, &text);
}

void wait_circle_finish(struct wait_circle *circle)
{
	free(circle->items);
	*circle = (struct wait_circle){0};
}
