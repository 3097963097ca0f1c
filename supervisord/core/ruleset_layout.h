/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a ruleset is made of. Its parts know this and nothing of each other:
 * judgement (ruleset.c), the rule that decides one right (ruleset_why.c), and
 * what a kernel can hold (ruleset_survey.c, ruleset_uniform.c).
 *
 * The precedence of rule.h is applied twice: for sets of rights (opinion.h) and
 * rule by rule for one right (ruleset_why(), and for sockets with their three
 * wildcards). In either, rules are met from the least to the most specific:
 * beneath each node of the way down, then at the last node itself. The way is
 * walked in all books at once.
 *
 * Where a pattern matches it is heard just before rules that name the place. One
 * that allows takes nothing from what a rule of its layer, of whatever kind,
 * refuses by then.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/opinion.h"
#include "core/rulebook_layout.h"
#include "core/ruleset.h"

struct survey;

/* A book, as one version has it. */
struct part {
	struct rulebook *book;
	uint64_t version;
};

struct ruleset {
	unsigned int references;
	uint64_t generation;
	int64_t next_expiry;
	int64_t made; /* when: what had expired by then is not in it */
	bool bound;   /* some rule is bound to a process */
	const struct clock *clock; /* NULL: it is still that moment */
	unsigned int parts_count;
	struct part parts[RULESET_BOOKS_MAX];
	struct survey *survey; /* made when it is needed */
};

/* Which rules are looked at. */
struct filter {
	bool permanent; /* only those that hold for all, and do not expire */
	const struct clock *clock; /* NULL: nothing expires any more */
	struct process_id process;
	struct network network; /* the peer; no family: nobody knows it */
	bool somewhere; /* then what is allowed of some counts, else what is
			 * refused */
};

/* Whether a rule is about some addresses alone. */
static inline bool is_aimed(const struct rule *rule)
{
	return rule->object.type == OBJECT_PORT && rule->object.network.family;
}

static inline bool is_permanent(const struct rule *rule)
{
	return !is_bound(rule) && rule->expires == 0 && !is_aimed(rule);
}

static inline bool is_aimed_at(const struct rule *rule,
			       const struct filter *filter)
{
	const struct network *aim = &rule->object.network;

	if (!filter->network.family)
		return (rule->effect == EFFECT_ALLOW) == filter->somewhere;
	return network_contains(aim, &filter->network) ||
	       (rule->effect != EFFECT_ALLOW &&
		network_contains(&filter->network, aim));
}

static inline bool has_expired(const struct rule *rule,
			       const struct clock *clock)
{
	return rule->expires != 0 && clock &&
	       rule->expires <= clock_wall(clock);
}

static inline bool applies(const struct rule *rule, const struct filter *filter)
{
	if (filter->permanent)
		return is_permanent(rule);
	return (!is_aimed(rule) || is_aimed_at(rule, filter)) &&
	       (!is_bound(rule) ||
		(rule->pid == filter->process.pid &&
		 rule->pid_start == filter->process.start)) &&
	       !has_expired(rule, filter->clock);
}

static inline bool covers_beneath(const struct rule *rule)
{
	return rule->object.type == OBJECT_PATH ||
			       rule->object.type == OBJECT_PATTERN
		       ? rule->beneath
		       : rule->object.any;
}

/* A place on the way to an object: where it is in each book. */
struct way {
	uint32_t nodes[RULESET_BOOKS_MAX]; /* TRIE_NONE: nothing is there */
	bool aimed;	/* rules may be about some addresses alone */
	bool patterned; /* some book has patterns; and where they may go on: */
	struct pattern_states states[RULESET_BOOKS_MAX];
};

struct way way_begin(const struct ruleset *ruleset, enum object_type type);

/* As trie_step(), in all books at once. */
enum trie_step way_step(const struct ruleset *ruleset, struct trie_key *key,
			struct way *way);

/* The same of patterns alone. Returns: whether some match there, or go on. */
bool way_step_patterns(const struct ruleset *ruleset,
		       const struct trie_component *component, struct way *way);

/* What patterns may refuse and allow strictly beneath a place. */
struct pattern_rights way_beneath(const struct ruleset *ruleset,
				  const struct way *way);

/* Whether some rule of a ruleset is about a pattern, or has been. */
bool ruleset_is_patterned(const struct ruleset *ruleset);

/*
 * The links of a place, one after the other in all books; begin with zeroes.
 * Returns: the next rule that this ruleset sees there, or NULL.
 */
struct visit {
	unsigned int part;
	uint32_t begun; /* how many of the part's nodes */
	uint32_t link;
};

/* What is heard at a place, in this order. */
enum heard {
	HEARD_PATTERNS_BENEATH,
	HEARD_PATTERNS_HERE,
	HEARD_BENEATH,
	HEARD_BENEATH_AIMED, /* of some addresses, as below */
	HEARD_HERE,
	HEARD_HERE_AIMED,
};

static inline bool heard_is_pattern(enum heard heard)
{
	return heard <= HEARD_PATTERNS_HERE;
}

static inline bool heard_is_beneath(enum heard heard)
{
	return heard == HEARD_PATTERNS_BENEATH || heard == HEARD_BENEATH ||
	       heard == HEARD_BENEATH_AIMED;
}

static inline bool heard_is_aimed(enum heard heard)
{
	return heard == HEARD_BENEATH_AIMED || heard == HEARD_HERE_AIMED;
}

/* Whether a rule is one of those that are heard. */
static inline bool is_heard(const struct rule *rule, enum heard heard)
{
	return covers_beneath(rule) == heard_is_beneath(heard) &&
	       is_aimed(rule) == heard_is_aimed(heard);
}

/* Whether a key has been walked to its end. */
static inline bool key_ends(const struct trie_key *key)
{
	return key->at == key->length;
}

const struct rule *way_rule(const struct ruleset *ruleset,
			    const struct way *way, enum heard heard,
			    struct visit *visit);
