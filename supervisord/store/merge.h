/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging a new grant with those that are there: what was decided last counts.
 */
#pragma once

#include <stdint.h>

#include "store/lines.h"

bool rule_has_expired(const struct rule *rule, int64_t now);

void merge_remove_expired(struct lines *lines, int64_t now);

/*
 * Adds one rule to the lines, to an equal one if there is one.
 * @agent: who decided
 * @ret_id, @ret_origin: copies of what the rule is to get
 * Returns: 0, -EINVAL for a rule that cannot be persisted, -EIO, -ENOMEM.
 */
int merge_rule(struct lines *lines, const struct rule *rule, const char *agent,
	       int64_t now, char **ret_id, char **ret_origin);
