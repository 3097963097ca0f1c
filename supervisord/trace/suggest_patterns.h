/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that are new each time, in directories that are not to be given as a
 * whole. No policy file can have a pattern, since a rule is about an object that
 * is there; so there is no rule for them, and it is said what they have in
 * common, and how many there were.
 */
#pragma once

#include "trace/suggest_each.h"

#define PATTERNS_MAX 64

struct suggest_pattern {
	char *path;
	struct evidence evidence; /* joined */
	uint64_t names;
};

/* Zero it to start. */
struct suggest_patterns {
	struct suggest_pattern items[PATTERNS_MAX];
	size_t count;
	uint64_t more; /* names for which there was no room */
};

/* Whether a suggestion is one of these. */
bool suggest_is_pattern(const struct suggestion *suggestion);

/*
 * Adds it, to what has the same names up to the first that does not stay.
 * Returns: 0 or -ENOMEM.
 */
int suggest_patterns_add(struct suggest_patterns *patterns,
			 const struct suggestion *suggestion);

void suggest_patterns_finish(struct suggest_patterns *patterns);
