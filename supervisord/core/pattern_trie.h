/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pattern tries: patterns, compiled. What many of them begin with is there
 * once, and a name of a path is looked up in a hash table and not tried against
 * each: so a step costs what the pattern is made of that is met, and hardly
 * anything for those that are not. Names with wildcards are found by the bytes
 * that they begin and end with; those that do with a wildcard, and are more
 * than that ("*x*"), are tried one by one.
 *
 * On the way down a path there are as many states as patterns might go on from
 * there. They are kept with the trie, and so only one way at a time.
 */
#pragma once

#include <stdint.h>

#include "core/pattern.h"
#include "core/right.h"
#include "core/trie.h"

struct pattern_node {
	uint32_t deep;	 /* the node of "**" beneath it, or TRIE_NONE */
	uint32_t shapes; /* what its names with wildcards are found by */
	bool loops;	 /* it is one of "**" */
	/* What rules beneath it have ever refused, or allowed. */
	rights_t refused, allowed;
};

struct pattern_trie {
	struct trie trie; /* TRIE_NONE nodes: nothing is added yet */
	struct pattern_node *nodes;
	uint32_t count, allocated;
	/* Of the way: the states before and after a step, and when a node was
	 * one last. */
	uint32_t *states[2], *marks;
	uint32_t mark;
};

/* Takes a zeroed one, too. */
void pattern_trie_finish(struct pattern_trie *patterns);

/*
 * Adds a pattern, which pattern_check() has found to be one.
 * @patterns: zeroed at first
 * Returns: 0 (*ret is its node), or -ENOMEM.
 */
int pattern_trie_add(struct pattern_trie *patterns, const char *text,
		     uint32_t *ret);

/* Returns: the node of a pattern, or TRIE_NONE. */
uint32_t pattern_trie_find(const struct pattern_trie *patterns,
			   const char *text);

/* Notes rights that a rule about a node's pattern refuses, or allows. */
void pattern_trie_note(struct pattern_trie *patterns, uint32_t node,
		       rights_t refused, rights_t allowed);

/* Where patterns may go on from; zeroed: nowhere. */
struct pattern_states {
	const uint32_t *items; /* of the trie */
	uint32_t count;
	unsigned int turn;
};

/* The states at the root directory. */
void pattern_trie_begin(struct pattern_trie *patterns,
			struct pattern_states *ret);

/*
 * Goes on to a name. The name of one NUL byte stands for any that no rule
 * mentions.
 */
void pattern_trie_step(struct pattern_trie *patterns,
		       const struct trie_component *name,
		       struct pattern_states *states);

/* What rules beneath some states refuse and allow: rather too much. */
struct pattern_rights {
	rights_t refused, allowed;
};

struct pattern_rights pattern_trie_beneath(const struct pattern_trie *patterns,
					   const struct pattern_states *states);
