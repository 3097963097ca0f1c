/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of a run that is judged again: a policy, which many runs share, and
 * what is the run's own.
 *
 * They are judged by a ruleset, as always; but a rule that has been added is
 * compiled in only once an object is judged that it could be about. A run that
 * got thousands of answers, each about something else, costs few of them.
 */
#pragma once

#include "core/rule.h"
#include "core/ruleset.h"

/* What files and grants say; for any number of runs. */
struct replay_policy {
	struct rules rules;
	struct ruleset *ruleset;
};

/* @rules: moved. Returns: 0, or a negative errno as ruleset_new(). */
int replay_policy_new(struct replay_policy **ret, struct rules *rules);
struct replay_policy *replay_policy_free(struct replay_policy *policy);

struct replay_rules;

/* @policy: borrowed. Returns: 0 or -ENOMEM. */
int replay_rules_new(struct replay_rules **ret,
		     const struct replay_policy *policy);
struct replay_rules *replay_rules_free(struct replay_rules *rules);

/*
 * Adds copies of rules, unless they are there already; where one is from does
 * not count. Returns: 0 or -ENOMEM.
 */
int replay_rules_add(struct replay_rules *rules, const struct rules *added);

/* Takes away those that say the same as these. */
void replay_rules_remove(struct replay_rules *rules,
			 const struct rules *removed);

/*
 * The ruleset that counts for an object.
 * @now: seconds since the epoch
 * @ret: borrowed, until rules are added or another object is asked for
 * Returns: 0, or a negative errno as ruleset_new().
 */
int replay_rules_for(struct replay_rules *rules, const struct object *object,
		     int64_t now, const struct ruleset **ret);
