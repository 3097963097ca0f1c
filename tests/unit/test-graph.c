/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/graph.h"
#include "unit.h"

#define NODES 12

/* The reference: a matrix of counts and a search without memory. */
struct naive {
	int edges[NODES][NODES];
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

static size_t naive_nodes(const struct naive *naive)
{
	size_t count = 0;

	for (int i = 0; i < NODES; i++) {
		bool used = false;

		for (int j = 0; j < NODES; j++)
			used |= naive->edges[i][j] || naive->edges[j][i];
		count += used;
	}
	return count;
}

static struct graph_node node(int index)
{
	return (struct graph_node){
		.kind = index % GRAPH_KINDS_,
		.id = index / GRAPH_KINDS_,
	};
}

static int index_of(struct graph_node graph_node)
{
	return graph_node.id * GRAPH_KINDS_ + graph_node.kind;
}

/* A refused edge comes with a cycle whose other edges all exist. */
static void check_cycle(const struct naive *naive,
			const struct graph_cycle *cycle, int from, int to)
{
	ck_assert_uint_ge(cycle->count, 2);
	ck_assert_int_eq(index_of(cycle->nodes[0]), from);
	ck_assert_int_eq(index_of(cycle->nodes[1]), to);
	ck_assert_int_eq(index_of(cycle->nodes[cycle->count - 1]), from);
	for (size_t i = 1; i + 1 < cycle->count; i++)
		ck_assert_int_gt(naive->edges[index_of(cycle->nodes[i])]
					     [index_of(cycle->nodes[i + 1])],
				 0);
}

static void add(struct graph *graph, struct naive *naive, int from, int to)
{
	struct graph_cycle cycle;
	const bool closes = naive_reaches(naive, to, from, NODES);
	const int result = graph_add_edge(graph, node(from), node(to), &cycle);

	ck_assert_int_eq(result, closes ? -EDEADLK : 0);
	if (closes) {
		check_cycle(naive, &cycle, from, to);
		graph_cycle_finish(&cycle);
	} else {
		naive->edges[from][to]++;
	}
}

static void change(struct graph *graph, struct naive *naive, uint64_t *seed)
{
	const int from = unit_below(seed, NODES);
	const int to = unit_below(seed, NODES);

	switch (unit_below(seed, 8)) {
	case 0:
		graph_remove_node(graph, node(from));
		for (int i = 0; i < NODES; i++)
			naive->edges[from][i] = naive->edges[i][from] = 0;
		break;
	case 1:
	case 2:
		ck_assert_int_eq(graph_remove_edge(graph, node(from), node(to)),
				 naive->edges[from][to] ? 0 : -ENOENT);
		if (naive->edges[from][to])
			naive->edges[from][to]--;
		break;
	default:
		add(graph, naive, from, to);
		break;
	}
}

START_TEST(random_graphs)
{
	for (uint64_t round = 1; round <= 300; round++) {
		struct naive naive = {0};
		uint64_t seed = round * 0x9e3779b9;
		struct graph *graph;

		ck_assert_int_eq(graph_new(&graph), 0);
		for (int i = 0; i < 200; i++) {
			change(graph, &naive, &seed);
			ck_assert_uint_eq(graph_node_count(graph),
					  naive_nodes(&naive));
		}
		graph_free(graph);
	}
}
END_TEST

START_TEST(says_the_cycle)
{
	const struct graph_node domain = {GRAPH_DOMAIN, 3};
	const struct graph_node agent = {GRAPH_AGENT, 7};
	struct graph_cycle cycle;
	struct graph *graph;
	char *text;

	ck_assert_int_eq(graph_new(&graph), 0);
	ck_assert_int_eq(graph_add_edge(graph, agent, domain, NULL), 0);
	ck_assert_int_eq(graph_add_edge(graph, domain, agent, &cycle),
			 -EDEADLK);
	text = graph_cycle_format(&cycle);
	ck_assert_str_eq(text, "domain 3 waits for agent 7, "
			       "which waits for domain 3");
	free(text);
	graph_cycle_finish(&cycle);
	ck_assert_int_eq(graph_add_edge(graph, agent, agent, &cycle), -EDEADLK);
	ck_assert_uint_eq(cycle.count, 2);
	graph_cycle_finish(&cycle);
	graph_free(graph);
}
END_TEST

/* As many as a daemon serves; a search per edge must not be felt. */
START_TEST(large_graph)
{
	struct graph *graph;

	ck_assert_int_eq(graph_new(&graph), 0);
	for (uint64_t i = 0; i < 5000; i++)
		ck_assert_int_eq(
			graph_add_edge(
				graph, (struct graph_node){GRAPH_DOMAIN, i},
				(struct graph_node){GRAPH_AGENT, i % 7}, NULL),
			0);
	ck_assert_uint_eq(graph_node_count(graph), 5007);
	graph_free(graph);
}
END_TEST

UNIT_MAIN("graph", random_graphs, says_the_cycle, large_graph);
