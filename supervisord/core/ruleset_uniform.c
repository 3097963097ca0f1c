/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is allowed without exception, for a kernel to hold. */
#include "core/ruleset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ruleset_layout.h"
#include "core/ruleset_survey.h"

/*
 * Hands out one place.
 * @whole: rights on it and everything beneath; @here: on it alone
 */
static int emit(const struct survey *survey, uint32_t node,
		struct object *object, rights_t whole, rights_t here,
		ruleset_uniform_fn callback, void *userdata)
{
	int error;

	if (object->type == OBJECT_PATH) {
		object->bytes = trie_path(&survey->trie, node);
		if (!object->bytes)
			return -ENOMEM;
		object->length = strlen(object->bytes);
	} else if (node == OBJECT_PORT) {
		object->any = true;
	} else {
		object->port = trie_number(&survey->trie, node);
	}
	error = callback(userdata, object, whole, here);
	object_finish(object);
	return error;
}

int ruleset_uniform(const struct ruleset *ruleset, ruleset_uniform_fn callback,
		    void *userdata)
{
	const struct survey *const survey = survey_get(ruleset);
	const uint32_t count = survey ? survey->trie.count : 0;
	/* What ancestors already cover for each node. */
	_cleanup_free_ rights_t *covered = calloc(count + 1, sizeof(*covered));

	if (!survey || !covered)
		return -ENOMEM;
	for (uint32_t node = 0; node < count; node++) {
		const uint32_t parent = survey->trie.nodes[node].parent;
		const struct place *const place = &survey->places[node];
		struct object object = {
			.type = trie_type(&survey->trie, node),
		};
		rights_t whole, here;
		int error;

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
		error = emit(survey, node, &object, whole, here, callback,
			     userdata);
		if (error)
			return error;
	}
	return 0;
}

/* Walks down as far as there are nodes. Returns: TRIE_BAD without memory. */
static enum trie_step descend(const struct survey *survey, const char *path,
			      size_t length, uint32_t *ret_node)
{
	struct trie_key key = {
		.type = OBJECT_PATH,
		.bytes = path,
		.length = length,
	};
	enum trie_step step = TRIE_BAD;

	*ret_node = key.type;
	if (survey)
		do
			step = trie_step(&survey->trie, &key, ret_node);
		while (step == TRIE_STEP);
	return step;
}

rights_t ruleset_uniform_path(const struct ruleset *ruleset, const char *path,
			      size_t length, rights_t *ret_here)
{
	const struct survey *const survey = survey_get(ruleset);
	uint32_t node;
	const enum trie_step step = descend(survey, path, length, &node);
	rights_t here = 0, whole = 0;

	if (step == TRIE_END) {
		here = survey->places[node].uniform_here;
		whole = survey->places[node].uniform;
	} else if (step == TRIE_LEAVE) {
		here = whole = survey->places[node].uniform_rest &
			       ~ruleset_reach(ruleset, path, length);
	}
	if (ret_here)
		*ret_here = here;
	return whole;
}

bool ruleset_names_beneath(const struct ruleset *ruleset, const char *path,
			   size_t length)
{
	const struct survey *const survey = survey_get(ruleset);
	uint32_t node;

	switch (descend(survey, path, length, &node)) {
	case TRIE_END:
		return survey->trie.nodes[node].child != TRIE_NONE ||
		       ruleset_reaches_beneath(ruleset, path, length);
	case TRIE_LEAVE:
		return ruleset_reaches_beneath(ruleset, path, length);
	default:
		return true; /* not canonical: nothing is known of it */
	}
}

int ruleset_each_beneath(const struct ruleset *ruleset, const char *path,
			 size_t length,
			 int (*callback)(void *userdata, const char *rest),
			 void *userdata)
{
	struct trie_key key = {
		.type = OBJECT_PATH,
		.bytes = path,
		.length = length,
	};
	struct way way = way_begin(ruleset, key.type);
	/* The root directory's own slash is that of what is beneath. */
	const size_t skipped = length == 1 ? 0 : length;
	enum trie_step step;
	int error = 0;

	do
		step = way_step(ruleset, &key, &way);
	while (step == TRIE_STEP);
	if (step == TRIE_BAD)
		return -EINVAL;
	for (unsigned int i = 0; step == TRIE_END && i < ruleset->parts_count;
	     i++) {
		const struct trie *const trie = &ruleset->parts[i].book->trie;
		uint32_t node = way.nodes[i];

		while (!error && node != TRIE_NONE &&
		       trie_walk(trie, way.nodes[i], &node)) {
			_cleanup_free_ char *name = trie_path(trie, node);

			error = name ? callback(userdata, name + skipped)
				     : -ENOMEM;
		}
	}
	return error;
}
