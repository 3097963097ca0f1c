/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opinions: what the layers say of every right at one place, while the way to
 * an object is walked down from the least to the most specific rules.
 *
 * The precedence of rule.h is applied here for sets of rights, and in
 * ruleset_why.c for one right, rule by rule; a property test holds the two
 * together. Within a layer what is met later replaces what was met before.
 */
#pragma once

#include "core/right.h"
#include "core/rule.h"

/* What is decided for every right at a place; what is in neither is asked. */
struct verdict {
	rights_t allowed, denied;
};

/* What one layer's most specific rules say. The three are disjoint. */
struct opinion {
	rights_t by[EFFECTS_];
};

struct opinions {
	struct opinion of[LAYERS_];
};

/* Adds what a rule says to what others of the same specificity say. */
static inline void opinions_add(struct opinions *found, const struct rule *rule)
{
	found->of[rule->layer].by[rule->effect] |= rule->rights;
}

/* Lets what rules of one specificity say override what is known from above. */
void opinions_overlay(struct opinions *known, struct opinions *found);

/* Takes back what patterns allow and is refused by what is known so far. */
void opinions_spare(const struct opinions *known, struct opinions *found);

/* Combines the layers, in their order. */
struct verdict opinions_combine(const struct opinions *opinions);
