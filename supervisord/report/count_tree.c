/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/count_tree.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/list_sort.h"

struct count_tree {
	struct count_node *root;
	struct count_node **slots; /* by parent and name */
	size_t slots_count;	   /* a power of two, more than twice @most */
	size_t count, most;
	uint64_t folded;
};

int count_tree_new(struct count_tree **ret, size_t most)
{
	struct count_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return -ENOMEM;
	tree->most = most;
	for (tree->slots_count = 16; tree->slots_count <= most * 2;)
		tree->slots_count *= 2;
	tree->root = calloc(1, sizeof(*tree->root) + 1);
	tree->slots = calloc(tree->slots_count, sizeof(struct count_node *));
	if (!tree->root || !tree->slots) {
		count_tree_free(tree);
		return -ENOMEM;
	}
	*ret = tree;
	return 0;
}

struct count_tree *count_tree_free(struct count_tree *tree)
{
	if (!tree)
		return NULL;
	for (size_t i = 0; tree->slots && i < tree->slots_count; i++)
		free(tree->slots[i]);
	free(tree->slots);
	free(tree->root);
	free(tree);
	return NULL;
}

struct count_node *count_tree_root(const struct count_tree *tree)
{
	return tree->root;
}

uint64_t count_tree_folded(const struct count_tree *tree)
{
	return tree->folded;
}

static size_t hash_name(const struct count_node *parent, const char *name,
			size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uintptr_t)parent;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) *
		       UINT64_C(0x100000001b3);
	return (size_t)(hash ^ hash >> 29);
}

static bool is_named(const struct count_node *node,
		     const struct count_node *parent, const char *name,
		     size_t length)
{
	return node->parent == parent &&
	       strncmp(node->name, name, length) == 0 &&
	       node->name[length] == '\0';
}

struct count_node *count_tree_child(struct count_tree *tree,
				    struct count_node *parent, const char *name,
				    size_t length)
{
	const size_t mask = tree->slots_count - 1;
	size_t slot = hash_name(parent, name, length) & mask;
	struct count_node *node = NULL;

	for (; tree->slots[slot]; slot = (slot + 1) & mask)
		if (is_named(tree->slots[slot], parent, name, length))
			return tree->slots[slot];
	if (tree->count < tree->most)
		node = calloc(1, sizeof(*node) + length + 1);
	if (!node) {
		tree->folded++;
		return parent;
	}
	memcpy(node->name, name, length);
	node->parent = parent;
	node->next = parent->child;
	parent->child = node;
	tree->slots[slot] = node;
	tree->count++;
	return node;
}

uint64_t counts_sum(const struct counts *counts)
{
	uint64_t sum = 0;

	for (int i = 0; i < CAMES_; i++)
		sum += counts->of[i];
	return sum;
}

/* --- Settling ---------------------------------------------------- */

/* The next node, children after their parents; NULL: there is none. */
static struct count_node *walk(struct count_node *node)
{
	if (node->child)
		return node->child;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

/* Used more often, or, for a fixed order, by name. */
static bool comes_first(const void *a, const void *b)
{
	const struct count_node *x = a, *y = b;
	const uint64_t of_x = counts_sum(&x->all), of_y = counts_sum(&y->all);

	return of_x != of_y ? of_x > of_y : strcmp(x->name, y->name) < 0;
}

/* As deep as the tree is, which a path's length bounds. */
static void add_up(struct count_node *node)
{
	node->all = node->here;
	for (struct count_node *child = node->child; child;
	     child = child->next) {
		add_up(child);
		for (int i = 0; i < CAMES_; i++)
			node->all.of[i] += child->all.of[i];
	}
	node->child = list_sort(node->child, offsetof(struct count_node, next),
				comes_first);
}

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x < y) - (x > y);
}

/* So often something has to be used to be shown. */
static int find_threshold(const struct count_tree *tree, size_t most,
			  uint64_t *ret)
{
	uint64_t *sums = malloc((tree->count + 1) * sizeof(*sums));
	size_t count = 0;

	if (!sums)
		return -ENOMEM;
	for (struct count_node *node = walk(tree->root); node;
	     node = walk(node))
		sums[count++] = counts_sum(&node->all);
	qsort(sums, count, sizeof(*sums), compare);
	/* Of those that are as often as the first that has no room, none. */
	*ret = count > most ? sums[most] + 1 : 0;
	free(sums);
	return 0;
}

int count_tree_settle(struct count_tree *tree, size_t most)
{
	uint64_t threshold;
	int error;

	add_up(tree->root);
	error = find_threshold(tree, most, &threshold);
	if (error)
		return error;
	tree->root->shown = true;
	for (struct count_node *node = walk(tree->root); node;
	     node = walk(node)) {
		node->shown = counts_sum(&node->all) >= threshold;
		node->parent->hidden += !node->shown;
	}
	return 0;
}
