/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of moves: who moves an object must not gain by it. */
#include "judged.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name that is moved must not gain what it lacked. */
START_TEST(reparenting)
{
	struct notif *notif;

	setup();
	/* In /usr it may be read, in /etc also written. */
	notif = notif_of_two(HELD "/x", 0, OPEN "/y", RIGHT_FS_REFER);
	check(notif, ACTION_PERFORM);
	notif->accesses.reparents = true;
	check_missing(notif, ACTION_ASK, HELD "/x", RIGHTS_WRITE);
	/* The other way it loses something. */
	notif = notif_of_two(OPEN "/x", RIGHT_FS_REFER, HELD "/y", 0);
	notif->accesses.reparents = true;
	check(notif, ACTION_PERFORM);
	/* Unless the two change places. */
	notif->accesses.exchanges = true;
	check_missing(notif, ACTION_ASK, HELD "/y", RIGHTS_WRITE);
	teardown();
}
END_TEST

/* Rules are about names: a directory must not slip below one. */
START_TEST(reparenting_directories)
{
	struct notif *notif;
	struct rules rules = {0};

	setup();
	ruleset_unref(ruleset);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHT_FS_REFER, "/");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/a/b/named");
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
	notif = notif_of_two("/c", RIGHT_FS_REFER, "/a/b", RIGHT_FS_REFER);
	notif->accesses.reparents = true;
	check(notif, ACTION_PERFORM); /* a file has nothing beneath it */
	notif->accesses.directories[0] = true;
	check_missing(notif, ACTION_ASK, "/c", RIGHTS_READ);
	notif = notif_of_two("/c", RIGHT_FS_REFER, "/d", RIGHT_FS_REFER);
	notif->accesses.reparents = true;
	notif->accesses.directories[0] = true;
	check(notif, ACTION_PERFORM);
	teardown();
}
END_TEST

/*
 * What a rule keeps beneath a directory it keeps when the directory is moved,
 * and when another is put in its place.
 */
START_TEST(moving_above_rules)
{
	const rights_t all =
		RIGHTS_CREATE | RIGHTS_REMOVE | RIGHTS_READ | RIGHTS_WRITE;
	static const struct {
		const char *from, *to;
		bool exchange;
		enum action action;
		const char *missing;
	} cases[] = {
		{"/w/a", "/w/b", false, ACTION_DENY, "/w/a/secret"},
		{"/w/a", "/w/other/a", false, ACTION_DENY, "/w/a/secret"},
		{"/w/b", "/w/a", true, ACTION_DENY, "/w/a/secret"},
		{"/w/a", "/w/b", true, ACTION_DENY, "/w/a/secret"},
		/* It would be asked for where it is. */
		{"/w/c", "/w/b", false, ACTION_ASK, "/w/c/x/asked"},
		/* Under the other name nothing is allowed that was not. */
		{"/w/a", "/closed/a", false, ACTION_PERFORM, NULL},
		{"/w/c", "/closed/a", false, ACTION_PERFORM, NULL},
		{"/w/b", "/w/d", false, ACTION_PERFORM, NULL},
		/* Nothing may be made there, nor taken away. */
		{"/w/b", "/w/hooked", false, ACTION_DENY, "/w/hooked/hooks"},
		{"/w/hooked", "/closed/b", false, ACTION_DENY,
		 "/w/hooked/hooks"},
	};
	const rights_t change =
		RIGHTS_REMOVE | (RIGHTS_CREATE & ~RIGHT_FS_REFER);
	struct rules rules = {0};

	setup();
	ruleset_unref(ruleset);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all, "/w");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHTS_READ, "/w/a/secret");
	rules_add(&rules, LAYER_USER, EFFECT_ASK, RIGHTS_WRITE, "/w/c/x/asked");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, change, "/w/hooked/hooks");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_CREATE, "/closed");
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct notif *notif =
			notif_of_two(cases[i].from, RIGHT_FS_REFER, cases[i].to,
				     RIGHT_FS_REFER);
		struct judged_detail detail;

		notif->accesses.reparents = true;
		notif->exposed = RIGHTS_NEVER_HELD;
		notif->accesses.exchanges = cases[i].exchange;
		notif->accesses.directories[0] = true;
		notif->accesses.directories[1] = true;
		ck_assert_msg(action_for(notif, &detail) == cases[i].action,
			      "%s to %s", cases[i].from, cases[i].to);
		ck_assert_uint_eq(detail.missing_count, !!cases[i].missing);
		if (cases[i].missing)
			ck_assert_str_eq(detail.missing[0].object.bytes,
					 cases[i].missing);
	}
	teardown();
}
END_TEST

/* No more is asked for at once than a person can look at. */
START_TEST(moving_above_many_rules)
{
	struct judged_detail detail;
	struct rules rules = {0};
	struct notif *notif;

	setup();
	ruleset_unref(ruleset);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW,
		  RIGHTS_READ | RIGHT_FS_REFER, "/w");
	for (char i = 'a'; i < 'e'; i++)
		rules_add(&rules, LAYER_USER, EFFECT_ASK, RIGHTS_READ,
			  (const char[]){'/', 'w', '/', 'a', '/', i, '\0'});
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
	notif = notif_of_two("/w/a", RIGHT_FS_REFER, "/w/b", RIGHT_FS_REFER);
	notif->accesses.reparents = true;
	notif->accesses.directories[0] = true;
	ck_assert_int_eq(action_for(notif, &detail), ACTION_DENY);
	teardown();
}
END_TEST

static void setup_patterns(void)
{
	const rights_t all =
		RIGHTS_CREATE | RIGHTS_REMOVE | RIGHTS_READ | RIGHTS_WRITE;
	struct rules rules = {0};

	setup();
	ruleset_unref(ruleset);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all, "/w");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all, "/out");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all, "/kept");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW,
		  RIGHTS_CREATE | RIGHTS_REMOVE, "/closed");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW,
		  RIGHTS_CREATE | RIGHTS_REMOVE, "/texts");
	rules_add_pattern(&rules, EFFECT_DENY, RIGHTS_READ, "/w/**/.env");
	rules_add_pattern(&rules, EFFECT_DENY, RIGHT_FS_MAKE_REG,
			  "/w/made/**/hooks");
	rules_add_pattern(&rules, EFFECT_DENY, RIGHTS_REMOVE, "/kept/**/lock");
	rules_add_pattern(&rules, EFFECT_ALLOW, RIGHTS_READ, "/texts/**/*.txt");
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
}

/*
 * Nobody knows what a pattern matches beneath a directory: it is moved where the
 * same patterns go on from there as from where it is.
 */
START_TEST(moving_beneath_patterns)
{
	static const struct {
		const char *from, *to;
		bool file;
		enum action action;
		int error;
	} cases[] = {
		{"/w/a", "/w/b", false, ACTION_PERFORM, 0},
		{"/w/a", "/w/c/d", false, ACTION_PERFORM, 0},
		{"/out/a", "/out/b", false, ACTION_PERFORM, 0},
		/* What is denied by a name would be so no more. */
		{"/w/a", "/out/a", false, ACTION_DENY, -EXDEV},
		{"/w/a", "/out/a", true, ACTION_PERFORM, 0},
		{"/w/.env", "/w/env", true, ACTION_DENY, -EACCES},
		{"/w/.env", "/w/a/.env", true, ACTION_PERFORM, 0},
		{"/w/env", "/w/.env", true, ACTION_PERFORM, 0},
		{"/w/.env", "/w/env", false, ACTION_DENY, -EACCES},
		/* Nothing comes to be by a name that is not made. */
		{"/out/a", "/w/a", false, ACTION_PERFORM, 0},
		{"/out/a", "/w/made/a", false, ACTION_DENY, -EXDEV},
		/* Nor is anything taken away from its name. */
		{"/kept/a", "/kept/b", false, ACTION_DENY, -EXDEV},
		/* What is allowed by a name would be so there. */
		{"/closed/a", "/texts/a", false, ACTION_DENY, -EXDEV},
		{"/texts/a", "/closed/a", false, ACTION_PERFORM, 0},
		{"/closed/a", "/texts/a.txt", true, ACTION_ASK, 0},
	};
	setup_patterns();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct notif *notif =
			notif_of_two(cases[i].from, RIGHT_FS_REFER, cases[i].to,
				     RIGHT_FS_REFER);
		struct judged_detail detail;

		notif->accesses.reparents = true;
		notif->exposed = RIGHTS_NEVER_HELD;
		notif->accesses.directories[0] = !cases[i].file;
		ck_assert_msg(action_for(notif, &detail) == cases[i].action,
			      "%s to %s", cases[i].from, cases[i].to);
		if (cases[i].action == ACTION_DENY)
			ck_assert_msg(detail.error == cases[i].error,
				      "%s to %s: %d", cases[i].from,
				      cases[i].to, detail.error);
	}
	teardown();
}
END_TEST

static bool moves_any(const struct notif *notif, bool replaces)
{
	return judge_moves_any(ruleset, &notif->accesses, replaces,
			       PROCESS_NONE);
}

/* Where every kind may go, it does not matter what has a name by then. */
START_TEST(moving_any_kind)
{
	const rights_t all = RIGHTS_CREATE | RIGHTS_REMOVE | RIGHTS_READ;
	static const struct {
		const char *from, *to;
		bool any, any_exchanged;
	} cases[] = {
		{"/a/x", "/a/y", true, true},
		{"/a/x", "/b/y", true, false}, /* nothing is removed there */
		{"/b/x", "/a/y", false, false},
		{"/a/x", "/c/y", false, false}, /* no links */
		{"/a/x", "/d/y", false, false}, /* a directory would gain */
		{"/a/x", "/e/y", false, false}, /* a file would gain */
	};
	struct rules rules = {0};
	struct notif *notif;

	setup();
	ruleset_unref(ruleset);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all, "/a");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all & ~RIGHTS_REMOVE, "/b");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all & ~RIGHT_FS_MAKE_SYM,
		  "/c");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all, "/d");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_WRITE, "/d/y/named");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, all | RIGHTS_WRITE, "/e");
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		notif = notif_of_two(cases[i].from, RIGHT_FS_REMOVE_FILE,
				     cases[i].to, RIGHT_FS_MAKE_REG);
		ck_assert_msg(moves_any(notif, false) == cases[i].any,
			      "%s to %s", cases[i].from, cases[i].to);
		/* What is there is replaced. */
		ck_assert_msg(moves_any(notif, true) == cases[i].any_exchanged,
			      "%s over %s", cases[i].from, cases[i].to);
		notif->accesses.exchanges = true;
		ck_assert_msg(moves_any(notif, true) == cases[i].any_exchanged,
			      "%s with %s", cases[i].from, cases[i].to);
	}
	teardown();
}
END_TEST

UNIT_MAIN_WHERE(landlock_abi() > 0, "Landlock in this kernel", "judge-moves",
		reparenting, reparenting_directories, moving_above_rules,
		moving_above_many_rules, moving_beneath_patterns,
		moving_any_kind);
