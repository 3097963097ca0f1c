/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules for tests, from the words that policy files have for them.
 */
#pragma once

#include <check.h>
#include <string.h>

#include "core/ruleset.h"

/* @text: an object as object_parse() takes it */
static inline void rules_add(struct rules *rules, enum layer layer,
			     enum effect effect, rights_t rights,
			     const char *text)
{
	const char *expected = "";
	struct rule rule = {
		.layer = layer,
		.effect = effect,
	};

	ck_assert_msg(object_parse(text, rights, &rule.object, &rule.beneath,
				   &expected) == 0,
		      "%s: %s", text, expected);
	rule.rights = rights & object_rights(rule.object.type);
	ck_assert_int_eq(rules_take(rules, &rule), 0);
}

/* Adds one about a pattern, and what is beneath. */
static inline void rules_add_pattern(struct rules *rules, enum effect effect,
				     rights_t rights, const char *text)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = effect,
		.rights = rights,
		.beneath = true,
	};

	ck_assert_msg(object_init_pattern(&rule.object, text) == 0, "%s", text);
	ck_assert_int_eq(rules_take(rules, &rule), 0);
}

/* Compiles them. */
static inline struct ruleset *rules_compile(const struct rules *rules)
{
	struct ruleset *ruleset;

	ck_assert_int_eq(ruleset_new(&ruleset, rules, 1, 0), 0);
	return ruleset;
}

/* What a judgement comes to for one right, which must be one thing only. */
static inline enum effect effect_of(struct judgement judgement, rights_t right)
{
	ck_assert_uint_eq((judgement.allowed & right) +
				  (judgement.denied & right) +
				  (judgement.asked & right),
			  right);
	if (judgement.allowed & right)
		return EFFECT_ALLOW;
	return judgement.denied & right ? EFFECT_DENY : EFFECT_ASK;
}
