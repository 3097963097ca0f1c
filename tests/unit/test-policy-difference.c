/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two sets of rules decide differently: all of it, and each thing once.
 */
#include "cli/policy_difference.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "rules.h"
#include "unit.h"

#define READ RIGHT_FS_READ_FILE
#define WRITE RIGHT_FS_WRITE_FILE

struct told {
	char text[4096];
};

static int tell(void *userdata, const struct policy_difference *difference)
{
	struct told *const told = userdata;
	_cleanup_free_ char *object = object_format(difference->object);
	_cleanup_free_ char *rights = rights_format(difference->rights);
	const size_t used = strlen(told->text);

	snprintf(told->text + used, sizeof(told->text) - used,
		 "%s>%s %s %s%s\n", effect_name(difference->was),
		 effect_name(difference->now), rights, object,
		 difference->beneath ? "/**" : "");
	return 0;
}

/* A rule of a case; the end has no path. */
struct line {
	enum effect effect;
	enum layer layer;
	rights_t rights;
	const char *path;
	bool here;
};

static void fill(struct rules *rules, const struct line *lines)
{
	for (; lines->path; lines++) {
		struct rule rule = {
			.layer = lines->layer,
			.effect = lines->effect,
			.rights = lines->rights,
			.beneath = !lines->here,
		};

		ck_assert_int_eq(object_init_path(&rule.object, lines->path),
				 0);
		ck_assert_int_eq(rules_take(rules, &rule), 0);
	}
}

static const struct {
	struct line was[4], now[4];
	const char *told;
} cases[] = {
	{{{0}}, {{0}}, ""},
	{{{0}},
	 {{EFFECT_ALLOW, LAYER_USER, READ, "/a", false}},
	 "ask>allow fs.read_file /a/**\n"},
	{{{EFFECT_ALLOW, LAYER_USER, READ, "/a", false}},
	 {{EFFECT_ALLOW, LAYER_USER, READ, "/a", true}},
	 "allow>ask fs.read_file /a/**\n"},
	{{{EFFECT_ALLOW, LAYER_USER, READ | WRITE, "/a", false}},
	 {{EFFECT_ALLOW, LAYER_USER, READ, "/a", false}},
	 "allow>ask fs.write_file /a/**\n"},
	/* What lies beneath is told with what is above. */
	{{{EFFECT_ALLOW, LAYER_USER, READ, "/a/b", false}},
	 {{EFFECT_ALLOW, LAYER_USER, READ, "/a/b", false},
	  {EFFECT_ALLOW, LAYER_USER, READ, "/a", false},
	  {EFFECT_ALLOW, LAYER_USER, READ, "/a/c", false}},
	 "ask>allow fs.read_file /a/**\n"},
	/* And what is different from it is told. */
	{{{0}},
	 {{EFFECT_ALLOW, LAYER_USER, READ, "/a", false},
	  {EFFECT_DENY, LAYER_USER, READ, "/a/b", false}},
	 "ask>allow fs.read_file /a/**\nask>deny fs.read_file /a/b/**\n"},
	/* A rule that others overrule makes no difference. */
	{{{EFFECT_DENY, LAYER_ADMIN, READ, "/a", false}},
	 {{EFFECT_DENY, LAYER_ADMIN, READ, "/a", false},
	  {EFFECT_ALLOW, LAYER_USER, READ, "/a/b", false}},
	 ""},
	/* The same, said otherwise. */
	{{{EFFECT_ALLOW, LAYER_USER, READ, "/a", false},
	  {EFFECT_ALLOW, LAYER_USER, WRITE, "/a", false}},
	 {{EFFECT_ALLOW, LAYER_USER, READ | WRITE, "/a", false}},
	 ""},
	{{{EFFECT_ALLOW, LAYER_USER, READ, "/", false}},
	 {{EFFECT_DENY, LAYER_USER, READ, "/", false}},
	 "allow>deny fs.read_file //**\n"},
};

START_TEST(differences)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rules was = {0}, now = {0};
		struct told told = {0};

		fill(&was, cases[i].was);
		fill(&now, cases[i].now);
		ck_assert_int_eq(
			policy_difference_each(&was, &now, tell, &told), 0);
		ck_assert_msg(strcmp(told.text, cases[i].told) == 0,
			      "case %zu: %s", i, told.text);
		rules_finish(&was);
		rules_finish(&now);
	}
}
END_TEST

static const char *const places[] = {"/", "/a", "/a/b", "/a/b/c", "/d"};

static void fill_random(struct rules *rules)
{
	for (int i = rand() % 5; i > 0; i--) {
		const struct line lines[2] = {{
			.effect = (enum effect)(rand() % 3),
			.layer = (enum layer)(rand() % 3),
			.rights = rand() % 2 ? READ : READ | WRITE,
			.path = places[rand() % ARRAY_SIZE(places)],
			.here = rand() % 3 == 0,
		}};

		fill(rules, lines);
	}
}

static int count(void *userdata, const struct policy_difference *difference)
{
	(void)difference;
	++*(int *)userdata;
	return 0;
}

/* Whether some object is judged differently, looked for one by one. */
static bool differs(const struct rules *was, const struct rules *now)
{
	static const char *const objects[] = {
		"/",	  "/z", "/a",	"/a/z",	    "/a/b", "/a/b/z",
		"/a/b/c", "/d", "/d/z", "/a/b/c/z", "/z/z"};
	_cleanup_(ruleset_unrefp) struct ruleset *old = NULL, *new = NULL;

	ck_assert_int_eq(ruleset_new(&old, was, 0, 0), 0);
	ck_assert_int_eq(ruleset_new(&new, now, 0, 0), 0);
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		const struct judgement a =
			ruleset_judge_path(old, objects[i], strlen(objects[i]),
					   READ | WRITE, PROCESS_NONE);
		const struct judgement b =
			ruleset_judge_path(new, objects[i], strlen(objects[i]),
					   READ | WRITE, PROCESS_NONE);

		if (a.allowed != b.allowed || a.denied != b.denied)
			return true;
	}
	return false;
}

START_TEST(something_is_told_when_something_differs)
{
	srand(1);
	for (int i = 0; i < 20000; i++) {
		struct rules was = {0}, now = {0};
		int told = 0;

		fill_random(&was);
		fill_random(&now);
		ck_assert_int_eq(
			policy_difference_each(&was, &now, count, &told), 0);
		ck_assert_int_eq(told > 0, differs(&was, &now));
		rules_finish(&was);
		rules_finish(&now);
	}
}
END_TEST

UNIT_MAIN("policy-difference", differences,
	  something_is_told_when_something_differs);
