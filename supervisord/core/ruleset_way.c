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

struct way way_begin(const struct ruleset *ruleset, enum object_type type)
{
	struct way way;

	for (unsigned int i = 0; i < ruleset->parts_count; i++)
		way.nodes[i] = type;
	return way;
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
	if (found)
		return TRIE_STEP;
	/* No rule is about the rest, but it must not climb back up. */
	return trie_finish_key(key) == TRIE_BAD ? TRIE_BAD : TRIE_LEAVE;
}

const struct rule *way_rule(const struct ruleset *ruleset,
			    const struct way *way, struct visit *visit)
{
	for (; visit->part < ruleset->parts_count;
	     visit->part++, visit->begun = false) {
		const struct part *const part = &ruleset->parts[visit->part];
		const struct rulebook *const book = part->book;
		const uint32_t node = way->nodes[visit->part];

		if (!visit->begun)
			visit->link = node < book->heads_count
					      ? book->heads[node]
					      : TRIE_NONE;
		visit->begun = true;
		while (visit->link != TRIE_NONE) {
			const struct rule_link *const link =
				&book->links[visit->link];
			const struct dated_rule *const entry =
				rulebook_entry(book, link->entry);

			visit->link = link->next;
			if (entry_is_seen(entry, part->version))
				return &entry->rule;
		}
	}
	return NULL;
}
