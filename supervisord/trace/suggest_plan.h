/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where one rule for a directory takes the place of many for what is in it.
 */
#pragma once

#include "trace/suggest.h"

/* A path beneath the home of whoever ran the program begins so. */
#define SUGGEST_HOME "/~"

/*
 * Plans all of a tree.
 * @left: what is not to be given: no directory is that has any of it
 * Returns: 0 or -ENOMEM.
 */
int suggest_plan(struct evidence_tree *tree, const struct evidence_tree *left,
		 const struct suggest_options *options);

/* Whether a directory may be given as a whole. Returns: 1, 0, -ENOMEM. */
int suggest_may_be_whole(const struct evidence_node *node, int class,
			 const struct evidence_tree *left,
			 const struct suggest_options *options);

/*
 * Whether its name is another one each time: it looks so, and was not used on
 * two days. Only after suggest_plan().
 */
bool suggest_is_restless(const struct evidence_node *node);

/* Whether a path is in the home of somebody else. */
bool suggest_is_foreign(const char *path);

/* Whether it is a key, a password, or where such are. */
bool suggest_is_secret(const char *path);

/*
 * The same as a list: "/.ssh", ..., beneath a home.
 * Returns: NULL after the last one.
 */
const char *suggest_secret(size_t number);

/*
 * The path as it is for look().
 * Returns: a new string (free(3)), NULL without memory.
 */
char *suggest_real_path(const struct suggest_options *options,
			const char *path);
