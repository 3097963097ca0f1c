/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is allowed without exception, for a kernel to hold. */
#include "core/ruleset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ruleset_layout.h"

/*
 * Hands out one place.
 * @whole: rights on it and everything beneath; @here: on it alone
 */
static int emit(const struct ruleset *ruleset, uint32_t node,
		struct object *object, rights_t whole, rights_t here,
		ruleset_uniform_fn callback, void *userdata)
{
	int result;

	if (object->type == OBJECT_PATH) {
		object->bytes = trie_path(&ruleset->trie, node);
		if (!object->bytes)
			return -ENOMEM;
		object->length = strlen(object->bytes);
	} else if (node == OBJECT_PORT) {
		object->any = true;
	} else {
		object->port = trie_number(&ruleset->trie, node);
	}
	result = callback(userdata, object, whole, here);
	object_finish(object);
	return result;
}

int ruleset_uniform(const struct ruleset *ruleset, ruleset_uniform_fn callback,
		    void *userdata)
{
	const uint32_t count = ruleset->trie.count;
	/* What ancestors already cover for each node. */
	_cleanup_free_ rights_t *covered = calloc(count, sizeof(*covered));

	if (!covered)
		return -ENOMEM;
	for (uint32_t node = 0; node < count; node++) {
		const uint32_t parent = ruleset->trie.nodes[node].parent;
		const struct place *const place = &ruleset->places[node];
		struct object object = {
			.type = trie_type(&ruleset->trie, node),
		};
		rights_t whole, here;
		int result;

		if (parent != TRIE_NONE)
			covered[node] = covered[parent];
		whole = place->uniform & ~covered[node];
		covered[node] |= place->uniform;
		here = place->uniform_here & ~covered[node];
		/* A type's root is no object but for the root directory. */
		if (object.type != OBJECT_PATH)
			here = 0;
		if (!(whole | here) ||
		    (object.type != OBJECT_PATH && object.type != OBJECT_PORT))
			continue;
		result = emit(ruleset, node, &object, whole, here, callback,
			      userdata);
		if (result != 0)
			return result;
	}
	return 0;
}

/* Walks down as far as there are nodes. */
static enum trie_step descend(const struct ruleset *ruleset, const char *path,
			      size_t length, uint32_t *ret_node)
{
	struct trie_key key = {
		.type = OBJECT_PATH,
		.bytes = path,
		.length = length,
	};
	enum trie_step step;

	*ret_node = key.type;
	do
		step = trie_step(&ruleset->trie, &key, ret_node);
	while (step == TRIE_STEP);
	return step;
}

rights_t ruleset_uniform_path(const struct ruleset *ruleset, const char *path,
			      size_t length, rights_t *ret_here)
{
	uint32_t node;
	const enum trie_step step = descend(ruleset, path, length, &node);
	rights_t here = 0, whole = 0;

	if (step == TRIE_END) {
		here = ruleset->places[node].uniform_here;
		whole = ruleset->places[node].uniform;
	} else if (step == TRIE_LEAVE) {
		here = whole = ruleset->places[node].uniform_rest;
	}
	if (ret_here)
		*ret_here = here;
	return whole;
}

bool ruleset_names_beneath(const struct ruleset *ruleset, const char *path,
			   size_t length)
{
	uint32_t node;

	switch (descend(ruleset, path, length, &node)) {
	case TRIE_END:
		return ruleset->places[node].inner;
	case TRIE_LEAVE:
		return false;
	default:
		return true; /* not canonical: nothing is known of it */
	}
}

static bool is_below(const struct trie *trie, uint32_t node, uint32_t above)
{
	while (node != TRIE_NONE && node > above)
		node = trie->nodes[node].parent;
	return node == above;
}

int ruleset_each_beneath(const struct ruleset *ruleset, const char *path,
			 size_t length,
			 int (*callback)(void *userdata, const char *rest),
			 void *userdata)
{
	const struct trie *const trie = &ruleset->trie;
	uint32_t top;
	const enum trie_step step = descend(ruleset, path, length, &top);
	/* The root directory's own slash is that of what is beneath. */
	const size_t skipped = length == 1 ? 0 : length;
	int result = 0;

	if (step == TRIE_BAD)
		return -EINVAL;
	if (step != TRIE_END || !ruleset->places[top].inner)
		return 0;
	for (uint32_t node = top + 1; result == 0 && node < trie->count;
	     node++) {
		_cleanup_free_ char *name = NULL;

		if (!is_below(trie, node, top))
			continue;
		name = trie_path(trie, node);
		result = name ? callback(userdata, name + skipped) : -ENOMEM;
	}
	return result;
}
