/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging a new grant with those that are there: what was decided last counts.
 */
#pragma once

#include <stdint.h>

#include "store/lines.h"

bool rule_has_expired(const struct rule *rule, int64_t now);

void merge_remove_expired(struct lines *lines, int64_t now);

/* Whether a rule can be persisted at all. */
bool merge_is_persistent(const struct rule *rule, int64_t now);

/*
 * Whether a new rule takes its rights from an old one of another effect on the
 * same object: what was decided last counts. A refusal that ends is no reason
 * to forget what was allowed for good.
 */
bool merge_supersedes(const struct rule *new, const struct rule *old);

/* Whether two say the same, but for their rights: then they are one. */
bool merge_joins(const struct rule *new, const struct rule *old);

/* Short to type. Returns: 0 (free *ret), -EIO or -ENOMEM. */
int merge_random_id(char **ret);

/*
 * Lines that rules are being added to. They are found by their objects and ids,
 * so that many rules cost what each of them costs.
 */
struct merge {
	struct lines *lines; /* borrowed */
	struct merge_links *links;
	size_t *objects, *ids; /* the first ones; hash tables */
	size_t mask;	       /* of the tables */
};

/*
 * @more: how many rules are going to be added at most
 * Returns: 0 or -ENOMEM; to be ended in either case.
 */
int merge_begin(struct merge *merge, struct lines *lines, size_t more);

/* Takes the lines away that have no rights left. */
void merge_end(struct merge *merge);

/*
 * Adds one rule to the lines, to an equal one if there is one.
 * @agent: who decided
 * @ret_id, @ret_origin: copies of what the rule is to get
 * Returns: 0, -EINVAL for a rule that cannot be persisted, -EIO, -ENOMEM.
 */
int merge_rule(struct merge *merge, const struct rule *rule, const char *agent,
	       int64_t now, char **ret_id, char **ret_origin);
