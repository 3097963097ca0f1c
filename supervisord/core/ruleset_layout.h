/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a ruleset is made of. Its parts know this and nothing of each other:
 * compilation (ruleset_compile.c) and the judgement of one right rule by rule
 * (ruleset_why.c). On both stand judgement in general and life (ruleset.c), and
 * what a kernel can hold (ruleset_uniform.c).
 *
 * The precedence of rule.h is applied twice, and a property test holds the two
 * together: in advance for sets of rights at every node (a judgement is then a
 * walk down the trie and two masks), and rule by rule for one right
 * (ruleset_why(), and what cannot be computed in advance: rules bound to a
 * process, and sockets with their three wildcards).
 *
 * In either, rules are met from the least to the most specific: beneath each
 * node of the way down, then at the last node itself. Within a layer what is
 * met later replaces what was met before.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/object.h"
#include "core/right.h"
#include "core/rule.h"
#include "core/trie.h"

/* What is decided for every right at a place; what is in neither is asked. */
struct verdict {
	rights_t allowed, denied;
};

/* A node of the trie with what the rules make of it. */
struct place {
	struct verdict here;	/* for the object itself */
	struct verdict beneath; /* for what has no node of its own */
	rights_t uniform;	/* see ruleset_uniform(): here and beneath */
	rights_t uniform_here;
	rights_t uniform_rest; /* beneath, where there is no node */
	bool inner;	       /* some rule is about what is beneath */
	uint32_t link;	       /* the rules about this node */
};

/* A rule about several namespaces is linked from the node of each. */
struct link {
	const struct rule *rule;
	uint32_t next; /* TRIE_NONE at the end */
};

struct ruleset {
	_Atomic unsigned int references;
	uint64_t generation;
	int64_t next_expiry;
	struct rules rules; /* first those bound to a process */
	size_t bound_count;
	struct trie trie;
	struct place *places; /* one for each node of the trie */
	struct link *links;
	uint32_t links_count, links_allocated;
};

/* Which rules are looked at. */
struct filter {
	bool permanent; /* only those that hold for all, and do not expire */
	pid_t pid;
	uint64_t pid_start;
};

static inline bool is_bound(const struct rule *rule)
{
	return rule->pid != 0 || rule->pid_start != 0;
}

static inline bool is_permanent(const struct rule *rule)
{
	return !is_bound(rule) && rule->expires == 0;
}

static inline bool applies(const struct rule *rule, const struct filter *filter)
{
	if (filter->permanent)
		return is_permanent(rule);
	return !is_bound(rule) || (rule->pid == filter->pid &&
				   rule->pid_start == filter->pid_start);
}

static inline bool covers_beneath(const struct rule *rule)
{
	return rule->object.type == OBJECT_PATH ? rule->beneath
						: rule->object.any;
}

/*
 * Where an object is in the trie. Of several namespaces, the first.
 * @number: storage for a key that is a number; outlives the key
 */
struct trie_key ruleset_key(const struct object *object, uint64_t *number);
