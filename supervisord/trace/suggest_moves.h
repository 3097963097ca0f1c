/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moves: a program that writes a new file and gives it the name of an old one.
 *
 * Rules are bound to names, so what is moved has to be allowed already, by the name
 * that it has, whatever the rules allow by the name that it gets; else who can move
 * something could choose its rules. So what is suggested for the one is for the
 * other, too.
 */
#pragma once

#include "trace/evidence.h"

#define SUGGEST_MOVES_MAX 1024 /* those after are not remembered */

struct suggest_move {
	struct object from, to;
};

/* Zero it to start. */
struct suggest_moves {
	struct suggest_move *items;
	size_t count, allocated;
};

/* @from, @to: copied; may be no paths. Returns: 0 or -ENOMEM. */
int suggest_moves_add(struct suggest_moves *moves, const struct object *from,
		      const struct object *to);

/* Lets what was used by the new names count for the old ones. */
void suggest_moves_apply(const struct suggest_moves *moves,
			 struct evidence_tree *tree);

void suggest_moves_finish(struct suggest_moves *moves);
