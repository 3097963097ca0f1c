/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chains: every name that is passed on the way to the files that decisions are
 * made by.
 *
 * Nobody decides for himself: what a supervised program could change there, the
 * next decision would believe. So for each link of a chain there is a rule of
 * the administrator's rank, origin "built in", that no file takes away:
 *
 *   - what is there in the end, and all beneath it, is not changed;
 *   - a symbolic link is not changed, moved or removed, nor is what it leads
 *     to, which is a chain of its own;
 *   - a directory above is not moved or removed. One that does not exist yet
 *     may be made (many programs make ~/.config), but only as a directory and
 *     where it is: nothing else may take its name, nor be moved there.
 */
#pragma once

#include "core/rule.h"
#include "policy/resolve.h"

/*
 * Adds the rules for the chain of one path; those that are there are not added
 * again.
 * @memo: of resolve.h; may be NULL
 * Returns: 0; -ENOMEM; or another negative errno: some of it cannot be looked
 *          at, and what could is protected.
 */
int path_chain_protect(struct rules *rules, struct resolve_memo *memo,
		       const char *path);

/*
 * The same for a directory, and for what the links in it lead to.
 * @depth: how many directories deep links are looked for
 */
int path_chain_protect_tree(struct rules *rules, struct resolve_memo *memo,
			    const char *directory, int depth);

/*
 * Names one more file that this process believes: a script that answers, a
 * helper that decides. Every policy that is loaded from now on protects it.
 * Returns: 0 or a negative errno.
 */
int path_chain_add_own(const char *path);

/* The same for the program that this process is. */
int path_chain_add_program(void);

/* Adds the rules for what path_chain_add_own() was told. Returns: the same. */
int path_chain_protect_own(struct rules *rules, struct resolve_memo *memo);
