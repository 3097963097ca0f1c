/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far patterns reach: see ruleset.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/ruleset.h"
#include "core/ruleset_layout.h"

static struct trie_key path_key(const char *path, size_t length)
{
	return (struct trie_key){
		.type = OBJECT_PATH,
		.bytes = path,
		.length = length,
	};
}

/* What rules about patterns that match a place refuse. */
static rights_t refused_at(const struct ruleset *ruleset, const struct way *way)
{
	struct visit visit = {0};
	const struct rule *rule;
	rights_t rights = 0;

	while ((rule = way_rule(ruleset, way, HEARD_PATTERNS_BENEATH, &visit)))
		if (rule->effect != EFFECT_ALLOW)
			rights |= rule->rights;
	return rights;
}

rights_t ruleset_reach(const struct ruleset *ruleset, const char *path,
		       size_t length)
{
	struct trie_key key = path_key(path, length);
	struct way way = way_begin(ruleset, key.type);
	rights_t rights = 0;
	enum trie_step step;

	if (!way.patterned)
		return 0;
	do {
		rights |= refused_at(ruleset, &way);
		step = way_step(ruleset, &key, &way);
	} while (step == TRIE_STEP);
	if (step == TRIE_BAD)
		return ~(rights_t)0;
	return rights | way_beneath(ruleset, &way).refused;
}

rights_t ruleset_matched(const struct ruleset *ruleset, const char *path,
			 size_t length)
{
	struct trie_key key = path_key(path, length);
	struct way way = way_begin(ruleset, key.type);
	enum trie_step step;

	if (!way.patterned)
		return 0;
	do
		step = way_step(ruleset, &key, &way);
	while (step == TRIE_STEP);
	return step == TRIE_END ? refused_at(ruleset, &way) : 0;
}

bool ruleset_reaches_beneath(const struct ruleset *ruleset, const char *path,
			     size_t length)
{
	struct trie_key key = path_key(path, length);
	struct way way = way_begin(ruleset, key.type);
	struct pattern_rights rights;
	enum trie_step step;

	if (!way.patterned)
		return false;
	do
		step = way_step(ruleset, &key, &way);
	while (step == TRIE_STEP);
	rights = way_beneath(ruleset, &way);
	return step == TRIE_BAD || rights.refused || rights.allowed;
}

struct ruleset_directory {
	const struct ruleset *ruleset;
	struct way way;
};

int ruleset_directory_new(struct ruleset_directory **ret,
			  const struct ruleset *ruleset, const char *path)
{
	struct trie_key key = path_key(path, strlen(path));
	struct ruleset_directory *const directory = malloc(sizeof(*directory));
	enum trie_step step;

	if (!directory)
		return -ENOMEM;
	directory->ruleset = ruleset;
	directory->way = way_begin(ruleset, key.type);
	do
		step = way_step(ruleset, &key, &directory->way);
	while (step == TRIE_STEP);
	if (step == TRIE_BAD) {
		free(directory);
		return -EINVAL;
	}
	*ret = directory;
	return 0;
}

struct ruleset_directory *
ruleset_directory_free(struct ruleset_directory *directory)
{
	free(directory);
	return NULL;
}

rights_t ruleset_directory_matched(const struct ruleset_directory *directory,
				   const char *name, bool *ret_beneath)
{
	const struct trie_component component =
		trie_component(name, strlen(name));
	/* Each name goes on from the same states, and leaves its own where the
	 * next one's will be. */
	struct way way = directory->way;
	struct pattern_rights beneath = {0};

	*ret_beneath = false;
	if (!way.patterned ||
	    !way_step_patterns(directory->ruleset, &component, &way))
		return 0;
	beneath = way_beneath(directory->ruleset, &way);
	*ret_beneath = beneath.refused || beneath.allowed;
	return refused_at(directory->ruleset, &way);
}

int ruleset_each_pattern(const struct ruleset *ruleset, rulebook_fn callback,
			 void *userdata)
{
	int error = 0;

	for (unsigned int i = 0; i < ruleset->parts_count; i++) {
		const struct part *const part = &ruleset->parts[i];
		const struct numbers *const refusals = &part->book->refusals;

		for (uint32_t j = 0; !error && part->book->patterns.count &&
				     j < refusals->count;
		     j++) {
			const struct dated_rule *const entry =
				rulebook_entry(part->book, refusals->items[j]);

			if (entry_is_seen(entry, part->version) &&
			    entry->rule.object.type == OBJECT_PATTERN)
				error = callback(userdata, &entry->rule);
		}
	}
	return error;
}

/* --- Moves ----------------------------------------------------------- */

/* Where the patterns of each book may go on from. */
struct place_states {
	struct pattern_states of[RULESET_BOOKS_MAX]; /* owned */
};

static void place_states_finish(struct place_states *places)
{
	for (size_t i = 0; i < RULESET_BOOKS_MAX; i++)
		free((void *)places->of[i].items);
}

/* The states of a way are the next one's, too: they are copied. */
static int find_states(const struct ruleset *ruleset, const char *path,
		       struct place_states *ret)
{
	struct trie_key key = path_key(path, strlen(path));
	struct way way = way_begin(ruleset, key.type);
	enum trie_step step;

	*ret = (struct place_states){0};
	do
		step = way_step(ruleset, &key, &way);
	while (step == TRIE_STEP);
	if (step == TRIE_BAD)
		return -EINVAL;
	for (unsigned int i = 0; i < ruleset->parts_count; i++) {
		const size_t bytes =
			way.states[i].count * sizeof(*way.states[i].items);
		uint32_t *const items = bytes ? malloc(bytes) : NULL;

		if (bytes && !items)
			return -ENOMEM;
		if (bytes)
			memcpy(items, way.states[i].items, bytes);
		ret->of[i].items = items;
		ret->of[i].count = way.states[i].count;
	}
	return 0;
}

static bool has_state(const struct pattern_states *states, uint32_t node)
{
	for (uint32_t i = 0; i < states->count; i++)
		if (states->items[i] == node)
			return true;
	return false;
}

/* What patterns beneath one place say, and do not beneath the other. */
static struct pattern_rights only_at(const struct pattern_trie *patterns,
				     const struct pattern_states *here,
				     const struct pattern_states *there)
{
	struct pattern_rights rights = {0};

	for (uint32_t i = 0; i < here->count; i++) {
		const struct pattern_node *const node =
			&patterns->nodes[here->items[i]];

		if (has_state(there, here->items[i]))
			continue;
		rights.refused |= node->refused;
		rights.allowed |= node->allowed;
	}
	return rights;
}

struct pattern_move ruleset_pattern_move(const struct ruleset *ruleset,
					 const char *from, const char *to)
{
	const rights_t all = ~(rights_t)0;
	struct place_states here = {0}, there = {0};
	struct pattern_move move = {0};

	if (!ruleset_is_patterned(ruleset))
		return move;
	if (find_states(ruleset, from, &here) ||
	    find_states(ruleset, to, &there))
		move = (struct pattern_move){all, all, all};
	for (unsigned int i = 0; i < ruleset->parts_count; i++) {
		const struct pattern_trie *const patterns =
			&ruleset->parts[i].book->patterns;
		const struct pattern_rights left =
			only_at(patterns, &here.of[i], &there.of[i]);
		const struct pattern_rights met =
			only_at(patterns, &there.of[i], &here.of[i]);

		move.gained |= left.refused | met.allowed;
		move.met |= met.refused;
		move.left |=
			pattern_trie_beneath(patterns, &here.of[i]).refused;
	}
	place_states_finish(&here);
	place_states_finish(&there);
	return move;
}
