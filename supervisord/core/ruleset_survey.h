/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Surveys: what is allowed without exception at every place that a rule is
 * about, of a whole ruleset. That takes looking at every rule, and is only
 * needed where a kernel is to hold it.
 */
#pragma once

#include "core/ruleset_layout.h"

/* A node of the trie with what the rules make of it. */
struct place {
	rights_t uniform; /* see ruleset_uniform(): here and beneath */
	rights_t uniform_here;
	/* Beneath, where there is no node, and but for patterns. */
	rights_t uniform_rest;
	uint32_t link; /* the rules about this node */
};

struct survey_link {
	const struct rule *rule; /* of a book */
	uint32_t next;		 /* TRIE_NONE at the end */
};

struct survey {
	struct trie trie;     /* of all books */
	struct place *places; /* one for each node of the trie */
	struct survey_link *links;
	bool limited; /* some rule is bound to a process, or expires */
};

/*
 * The survey of a ruleset, which is made once and kept with it.
 * Returns: NULL without memory.
 */
const struct survey *survey_get(const struct ruleset *ruleset);

/* Takes NULL. */
void survey_free(struct survey *survey);
