/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/suggest_moves.h"

#include <errno.h>
#include <stdlib.h>

static bool is_known(const struct suggest_moves *moves,
		     const struct object *from, const struct object *to)
{
	for (size_t i = 0; i < moves->count; i++)
		if (object_equal(&moves->items[i].from, from) &&
		    object_equal(&moves->items[i].to, to))
			return true;
	return false;
}

static int make_room(struct suggest_moves *moves)
{
	const size_t allocated = moves->allocated * 2 + 16;
	struct suggest_move *items;

	if (moves->count < moves->allocated)
		return 0;
	items = reallocarray(moves->items, allocated, sizeof(*items));
	if (!items)
		return -ENOMEM;
	moves->items = items;
	moves->allocated = allocated;
	return 0;
}

int suggest_moves_add(struct suggest_moves *moves, const struct object *from,
		      const struct object *to)
{
	struct suggest_move *move;

	if (from->type != OBJECT_PATH || to->type != OBJECT_PATH ||
	    moves->count == SUGGEST_MOVES_MAX || is_known(moves, from, to))
		return 0;
	if (make_room(moves) < 0)
		return -ENOMEM;
	move = &moves->items[moves->count];
	*move = (struct suggest_move){0};
	if (object_copy(&move->from, from) < 0 ||
	    object_copy(&move->to, to) < 0) {
		object_finish(&move->from);
		return -ENOMEM;
	}
	moves->count++;
	return 0;
}

void suggest_moves_apply(const struct suggest_moves *moves,
			 struct evidence_tree *tree)
{
	for (size_t i = 0; i < moves->count; i++)
		evidence_move(tree, &moves->items[i].from, &moves->items[i].to);
}

void suggest_moves_finish(struct suggest_moves *moves)
{
	for (size_t i = 0; i < moves->count; i++) {
		object_finish(&moves->items[i].from);
		object_finish(&moves->items[i].to);
	}
	free(moves->items);
	*moves = (struct suggest_moves){0};
}
