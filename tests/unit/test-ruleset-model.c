/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random rules are judged as the model judges them. */
#include "ruleset_model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"

/* Read off the rules one by one. */
static void check_names_beneath(const struct ruleset *ruleset,
				const struct rules *rules, const char *path)
{
	bool found = false, patterns = false;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const rule = &rules->items[i];

		patterns |= rule->object.type == OBJECT_PATTERN;
		found |= rule->object.type == OBJECT_PATH &&
			 (!rule->expires || rule->expires > NOW) &&
			 strcmp(rule->object.bytes, path) != 0 &&
			 path_is_beneath(rule->object.bytes, path);
	}
	/* There may always be a name that a pattern matches. */
	if (found || !patterns)
		ck_assert_int_eq(
			ruleset_names_beneath(ruleset, path, strlen(path)),
			found);
}

static void check_uniform_path(const struct ruleset *ruleset,
			       const struct rules *rules, uint64_t *seed)
{
	char at[32], path[80];
	rights_t whole, here, right;

	model_path(seed, at);
	check_names_beneath(ruleset, rules, at);
	whole = ruleset_uniform_path(ruleset, at, strlen(at), &here);
	ck_assert_uint_eq(whole & ~here, 0);
	RIGHTS_FOREACH (right, here)
		ck_assert_int_eq(model_judge(rules, at, right, 1, NOW),
				 EFFECT_ALLOW);
	for (int i = 0; i < 8; i++) {
		char below[32];

		model_path(seed, below);
		snprintf(path, sizeof(path), "%s%s", at[1] ? at : "",
			 below[1] ? below : "");
		RIGHTS_FOREACH (right, whole)
			ck_assert_int_eq(model_judge(rules, *path ? path : "/",
						     right, 2, NOW),
					 EFFECT_ALLOW);
	}
}

START_TEST(random_rules)
{
	for (uint64_t round = 1; round <= 150; round++) {
		uint64_t seed = round * 0x9e3779b97f4a7c15;
		struct model_reported *reported = calloc(1, sizeof(*reported));
		const size_t count = unit_below(&seed, 24);
		struct rules rules = {0};
		struct ruleset *ruleset;
		char path[64] = "";

		for (size_t i = 0; i < count; i++)
			model_add_rule(&rules, &seed);
		ck_assert_int_eq(ruleset_new(&ruleset, &rules, round, NOW), 0);
		ruleset_set_clock(ruleset, &model_clock);
		ck_assert_uint_eq(ruleset_generation(ruleset), round);
		ck_assert_int_eq(
			ruleset_uniform(ruleset, model_report, reported), 0);
		model_check(ruleset, &rules, reported, path, 3);
		for (int i = 0; i < 40; i++)
			check_uniform_path(ruleset, &rules, &seed);
		ruleset_unref(ruleset);
		rules_finish(&rules);
		free(reported);
	}
}
END_TEST

START_TEST(a_rule_ends_by_the_clock)
{
	struct rules rules = {0};
	struct ruleset *ruleset;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/a");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHT_FS_READ_FILE, "/a/b");
	rules.items[0].expires = NOW + 3600;
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW), 0);
	ruleset_set_clock(ruleset, &model_clock);
	ck_assert_uint_eq(ruleset_judge_path(ruleset, "/a/c", 4,
					     RIGHT_FS_READ_FILE, PROCESS_NONE)
				  .allowed,
			  RIGHT_FS_READ_FILE);
	/* Set, or gone on during a suspend: nobody has been woken yet. */
	model_now = NOW + 3600;
	ck_assert_uint_eq(ruleset_judge_path(ruleset, "/a/c", 4,
					     RIGHT_FS_READ_FILE, PROCESS_NONE)
				  .asked,
			  RIGHT_FS_READ_FILE);
	ck_assert_uint_eq(ruleset_judge_path(ruleset, "/a/b", 4,
					     RIGHT_FS_READ_FILE, PROCESS_NONE)
				  .denied,
			  RIGHT_FS_READ_FILE);
	model_now = NOW;
	ruleset_unref(ruleset);
	rules_finish(&rules);
}
END_TEST

UNIT_MAIN("ruleset-model", random_rules, a_rule_ends_by_the_clock);
