/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rulebook is made of, for those who judge by it.
 */
#pragma once

#include "core/object.h"
#include "core/pattern_trie.h"
#include "core/rule.h"
#include "core/rulebook.h"
#include "core/trie.h"

#define ENTRIES_A_CHUNK 64
#define VERSION_NEVER UINT64_MAX

/* A rule, and the versions that see it: from @born on, up to before @died. */
struct dated_rule {
	struct rule rule;
	uint64_t born, died;
};

/* A rule about several namespaces is linked from the node of each. */
struct rule_link {
	uint32_t entry;
	uint32_t next; /* TRIE_NONE at the end */
};

/* Numbers of entries. */
struct numbers {
	uint32_t *items;
	uint32_t count, allocated;
};

struct rulebook {
	unsigned int references;
	uint64_t version;
	struct dated_rule **chunks; /* stay where they are */
	uint32_t chunks_count, chunks_allocated;
	uint32_t count; /* of entries, in the order of their births */
	uint32_t alive, bound_alive;
	struct trie trie;
	struct pattern_trie patterns;
	/* For each node of either the newest link, or TRIE_NONE. */
	struct numbers heads, pattern_heads;
	struct rule_link *links;
	uint32_t links_count, links_allocated;
	uint32_t *ids; /* a hash table; TRIE_NONE when free */
	uint32_t ids_count, ids_slots;
	struct numbers refusals; /* what is not allowed by them */
	struct numbers bound;	 /* to a process */
	struct numbers expiring; /* a heap, the earliest first */
	struct numbers dead;	 /* in the order of their deaths */
};

static inline struct dated_rule *rulebook_entry(const struct rulebook *book,
						uint32_t number)
{
	return &book->chunks[number / ENTRIES_A_CHUNK]
			    [number % ENTRIES_A_CHUNK];
}

static inline bool entry_is_seen(const struct dated_rule *entry,
				 uint64_t version)
{
	return entry->born <= version && version < entry->died;
}

static inline bool is_bound(const struct rule *rule)
{
	return rule->pid != 0 || rule->pid_start != 0;
}

/* The newest link of a node, or TRIE_NONE. */
static inline uint32_t rulebook_head(const struct numbers *heads, uint32_t node)
{
	return node < heads->count ? heads->items[node] : TRIE_NONE;
}

/*
 * Where an object that is no pattern is in a trie. Of several namespaces, the
 * first.
 * @number: storage for a key that is a number; outlives the key
 */
struct trie_key object_key(const struct object *object, uint64_t *number);

/* The earliest expiry of a rule of now, 0 when none expires. */
int64_t rulebook_next_expiry(struct rulebook *book);
