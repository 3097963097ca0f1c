/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "supervision/wait_edges.h"
#include "unit.h"

#define NODES 12

/* The reference: a matrix and a search without memory. */
struct naive {
	bool edges[NODES][NODES];
};

static bool naive_reaches(const struct naive *naive, int from, int to,
			  int depth)
{
	if (from == to)
		return true;
	for (int i = 0; depth > 0 && i < NODES; i++)
		if (naive->edges[from][i] &&
		    naive_reaches(naive, i, to, depth - 1))
			return true;
	return false;
}

static size_t naive_count(const struct naive *naive)
{
	size_t count = 0;

	for (int i = 0; i < NODES; i++)
		for (int j = 0; j < NODES; j++)
			count += naive->edges[i][j];
	return count;
}

static struct wait_node node(int index)
{
	return (struct wait_node){
		.kind = index % 2 ? WAIT_AGENT : WAIT_DOMAIN,
		.id = index / 2,
	};
}

static int index_of(struct wait_node of)
{
	return of.id * 2 + (of.kind == WAIT_AGENT);
}

/* A refused edge comes with a circle whose other edges all exist. */
static void check_circle(const struct naive *naive,
			 const struct wait_circle *circle, int from, int to)
{
	ck_assert_uint_ge(circle->count, 2);
	ck_assert_int_eq(index_of(circle->items[0]), from);
	ck_assert_int_eq(index_of(circle->items[1]), to);
	ck_assert_int_eq(index_of(circle->items[circle->count - 1]), from);
	for (size_t i = 1; i + 1 < circle->count; i++)
		ck_assert(naive->edges[index_of(circle->items[i])]
				      [index_of(circle->items[i + 1])]);
}

static void add(struct wait_edges *edges, struct naive *naive, int from, int to)
{
	struct wait_circle circle;
	const bool closes = naive_reaches(naive, to, from, NODES);

	ck_assert_int_eq(wait_edges_check(edges, node(from), node(to), NULL),
			 closes ? -EDEADLK : 0);
	ck_assert_int_eq(wait_edges_add(edges, node(from), node(to), &circle),
			 closes ? -EDEADLK : 0);
	if (closes) {
		check_circle(naive, &circle, from, to);
		wait_circle_finish(&circle);
	} else {
		naive->edges[from][to] = true;
	}
}

static void change(struct wait_edges *edges, struct naive *naive,
		   uint64_t *seed)
{
	const int from = unit_below(seed, NODES);
	const int to = unit_below(seed, NODES);

	switch (unit_below(seed, 8)) {
	case 0:
		wait_edges_forget(edges, node(from));
		for (int i = 0; i < NODES; i++)
			naive->edges[from][i] = naive->edges[i][from] = false;
		break;
	case 1:
	case 2:
		wait_edges_remove(edges, node(from), node(to));
		naive->edges[from][to] = false;
		break;
	default:
		add(edges, naive, from, to);
		break;
	}
}

START_TEST(random_graphs)
{
	for (uint64_t round = 1; round <= 300; round++) {
		struct naive naive = {0};
		struct wait_edges edges = {0};
		uint64_t seed = round * 0x9e3779b9;

		for (int i = 0; i < 200; i++) {
			change(&edges, &naive, &seed);
			ck_assert_uint_eq(edges.count, naive_count(&naive));
		}
		wait_edges_finish(&edges);
	}
}
END_TEST

START_TEST(says_the_circle)
{
	const struct wait_node domain = {WAIT_DOMAIN, 3};
	const struct wait_node agent = {WAIT_AGENT, 7};
	struct wait_edges edges = {0};
	struct wait_circle circle;
	char *text;

	ck_assert_int_eq(wait_edges_add(&edges, agent, domain, NULL), 0);
	ck_assert_int_eq(wait_edges_add(&edges, domain, agent, &circle),
			 -EDEADLK);
	text = wait_circle_format(&circle);
	ck_assert_str_eq(text, "domain 3 waits for agent 7, "
			       "which waits for domain 3");
	free(text);
	wait_circle_finish(&circle);
	ck_assert_int_eq(wait_edges_add(&edges, agent, agent, &circle),
			 -EDEADLK);
	ck_assert_uint_eq(circle.count, 2);
	wait_circle_finish(&circle);
	wait_edges_finish(&edges);
}
END_TEST

/* As many as a daemon serves; a search per edge must not be felt. */
START_TEST(large_graph)
{
	struct wait_edges edges = {0};

	for (uint64_t i = 0; i < 5000; i++)
		ck_assert_int_eq(
			wait_edges_add(
				&edges, (struct wait_node){WAIT_DOMAIN, i},
				(struct wait_node){WAIT_AGENT, i % 7}, NULL),
			0);
	ck_assert_uint_eq(edges.count, 5000);
	wait_edges_finish(&edges);
}
END_TEST

UNIT_MAIN("wait-edges", random_graphs, says_the_circle, large_graph);
