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
 * Adds one rule to the lines, to an equal one if there is one.
 * @agent: who decided
 * @ret_id, @ret_origin: copies of what the rule is to get
 * Returns: 0, -EINVAL for a rule that cannot be persisted, -EIO, -ENOMEM.
 */
int merge_rule(struct lines *lines, const struct rule *rule, const char *agent,
	       int64_t now, char **ret_id, char **ret_origin);
