/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees of names with how often each was used, and what came of it: of paths,
 * or of programs and those that they started. Their size has a bound: what is
 * new when it is reached counts at the nearest name that is there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum came_of {
	CAME_ALLOWED,
	CAME_DENIED,
	CAME_UNANSWERED, /* nobody was there to answer, and so it was denied */
	CAMES_,
};

struct counts {
	uint64_t of[CAMES_];
};

struct count_node {
	struct count_node *parent, *child, *next;
	struct counts here; /* of the very name */
	struct counts all;  /* and all beneath; see count_tree_settle() */
	uint64_t hidden;    /* children that are not shown */
	bool shown;
	char name[];
};

struct count_tree;

/* @most: names. Returns: 0 or -ENOMEM. */
int count_tree_new(struct count_tree **ret, size_t most);

/* Takes NULL; always returns NULL. */
struct count_tree *count_tree_free(struct count_tree *tree);

struct count_node *count_tree_root(const struct count_tree *tree);

/* The node of a name beneath another; @parent when there is no room for it. */
struct count_node *count_tree_child(struct count_tree *tree,
				    struct count_node *parent, const char *name,
				    size_t length);

/* How often a name had no room. */
uint64_t count_tree_folded(const struct count_tree *tree);

uint64_t counts_sum(const struct counts *counts);

/*
 * Adds up, puts what was used most often first, and chooses what is shown: no
 * more than @most names, each with all above it.
 * Returns: 0 or -ENOMEM.
 */
int count_tree_settle(struct count_tree *tree, size_t most);
