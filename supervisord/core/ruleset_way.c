/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way to an object through all books of a ruleset. */
#include "core/ruleset_layout.h"

struct trie_key object_key(const struct object *object, uint64_t *number)
{
	struct trie_key key = {
		.type = object->type,
		.bytes = (const char *)number,
		.length = sizeof(*number),
	};

	switch (object->type) {
	case OBJECT_PATH:
	case OBJECT_ABSTRACT:
		key.bytes = object->bytes;
		key.length = object->length;
		return key;
	case OBJECT_PORT:
		*number = object->port;
		break;
	case OBJECT_CAPABILITY:
		*number = object->capability;
		break;
	case OBJECT_NAMESPACE:
		*number = object->namespaces & -object->namespaces;
		break;
	case OBJECT_PROCESS:
		*number = object->pid;
		break;
	default:
		/* Sockets are all at their root. */
		key.length = 0;
		break;
	}
	if (object->any)
		key.length = 0;
	return key;
}

bool ruleset_is_patterned(const struct ruleset *ruleset)
{
	for (unsigned int i = 0; i < ruleset->parts_count; i++)
		if (ruleset->parts[i].book->patterns.count)
			return true;
	return false;
}

struct way way_begin(const struct ruleset *ruleset, enum object_type type)
{
	struct way way;

	for (unsigned int i = 0; i < ruleset->parts_count; i++)
		way.nodes[i] = type;
	way.aimed = type == OBJECT_PORT;
	way.patterned = type == OBJECT_PATH && ruleset_is_patterned(ruleset);
	for (unsigned int i = 0; way.patterned && i < ruleset->parts_count; i++)
		pattern_trie_begin(&ruleset->parts[i].book->patterns,
				   &way.states[i]);
	return way;
}

bool way_step_patterns(const struct ruleset *ruleset,
		       const struct trie_component *component, struct way *way)
{
	bool found = false;

	for (unsigned int i = 0; i < ruleset->parts_count; i++) {
		if (way->states[i].count)
			pattern_trie_step(&ruleset->parts[i].book->patterns,
					  component, &way->states[i]);
		found |= way->states[i].count > 0;
	}
	return found;
}

enum trie_step way_step(const struct ruleset *ruleset, struct trie_key *key,
			struct way *way)
{
	struct trie_component component;
	const enum trie_step step = trie_next(key, &component);
	bool found = false;

	if (step != TRIE_STEP)
		return step;
	for (unsigned int i = 0; i < ruleset->parts_count; i++) {
		if (way->nodes[i] == TRIE_NONE)
			continue;
		way->nodes[i] = trie_child(&ruleset->parts[i].book->trie,
					   way->nodes[i], &component);
		found |= way->nodes[i] != TRIE_NONE;
	}
	if (way->patterned && way_step_patterns(ruleset, &component, way))
		found = true;
	if (found)
		return TRIE_STEP;
	/* No rule is about the rest, but it must not climb back up. */
	return trie_finish_key(key) == TRIE_BAD ? TRIE_BAD : TRIE_LEAVE;
}

struct pattern_rights way_beneath(const struct ruleset *ruleset,
				  const struct way *way)
{
	struct pattern_rights all = {0};

	for (unsigned int i = 0; way->patterned && i < ruleset->parts_count;
	     i++) {
		const struct pattern_rights some = pattern_trie_beneath(
			&ruleset->parts[i].book->patterns, &way->states[i]);

		all.refused |= some.refused;
		all.allowed |= some.allowed;
	}
	return all;
}

/* Goes to the next node of a part. Returns: false when there is none. */
static bool next_node(const struct rulebook *book, const struct way *way,
		      enum heard heard, struct visit *visit)
{
	const struct pattern_states *const states = &way->states[visit->part];
	const uint32_t begun = visit->begun++;

	if (!heard_is_pattern(heard)) {
		visit->link =
			rulebook_head(&book->heads, way->nodes[visit->part]);
		return begun == 0;
	}
	if (begun >= states->count)
		return false;
	visit->link = rulebook_head(&book->pattern_heads, states->items[begun]);
	return true;
}

/* The next rule of a node that this ruleset sees, or NULL. */
static const struct rule *next_rule(const struct part *part,
				    struct visit *visit)
{
	while (visit->link != TRIE_NONE) {
		const struct rule_link *const link =
			&part->book->links[visit->link];
		const struct dated_rule *const entry =
			rulebook_entry(part->book, link->entry);

		visit->link = link->next;
		if (entry_is_seen(entry, part->version))
			return &entry->rule;
	}
	return NULL;
}

const struct rule *way_rule(const struct ruleset *ruleset,
			    const struct way *way, enum heard heard,
			    struct visit *visit)
{
	for (; visit->part < ruleset->parts_count;
	     visit->part++, visit->begun = 0) {
		const struct part *const part = &ruleset->parts[visit->part];
		const struct rule *rule =
			visit->begun ? next_rule(part, visit) : NULL;

		while (!rule && next_node(part->book, way, heard, visit))
			rule = next_rule(part, visit);
		if (rule)
			return rule;
	}
	return NULL;
}
