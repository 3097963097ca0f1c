/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts about traps: what the kernel holds by itself is the policy when the
 * layer was made, and more is allowed or taken away later.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/landlock.h"
#include "operation/call.h"
#include "rules.h"
#include "seccomp/action.h"
#include "unit.h"

/* Directories that are everywhere, so that the kernel can hold a rule. */
#define HELD "/usr"
#define OPEN "/etc"   /* allowed later: the kernel does not hold it */
#define ELSE "/var"   /* nobody says anything */
#define CLOSED "/dev" /* denied */
#define ALL_OF_IT (RIGHTS_READ | RIGHTS_WRITE | RIGHT_FS_REFER)

static struct static_layer *layer;
static struct ruleset *ruleset;

static void setup(void)
{
	struct rules rules = {0};
	struct ruleset *early;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, HELD);
	early = rules_compile(&rules);
	ck_assert_int_eq(static_layer_new(&layer, early, 0), 0);
	ruleset_unref(early);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, ALL_OF_IT, OPEN);
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHTS_FS, CLOSED);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_NET, "443");
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
}

static void teardown(void)
{
	ruleset_unref(ruleset);
	static_layer_free(layer);
}

/* A notif that needs a right on a path; the path outlives it. */
static struct notif *notif_of(const char *path, rights_t rights)
{
	static struct notif notif;
	struct object object = {.type = OBJECT_PATH};

	notif_init(&notif);
	memset(notif.pins, 0, sizeof(notif.pins));
	notif.exposed = 0;
	object.bytes = (char *)(uintptr_t)path;
	object.length = strlen(path);
	notif_need(&notif, &object, rights);
	return &notif;
}

/* The same, and another path. */
static struct notif *notif_of_two(const char *from, rights_t from_rights,
				  const char *to, rights_t to_rights)
{
	struct notif *notif = notif_of(from, from_rights);
	struct object object = {.type = OBJECT_PATH};

	object.bytes = (char *)(uintptr_t)to;
	object.length = strlen(to);
	notif_need(notif, &object, to_rights);
	return notif;
}

static enum action action_for(const struct notif *notif,
			      struct judged_detail *detail)
{
	return action_of(ruleset, layer, notif, PROCESS_NONE, true, detail);
}

static void check(const struct notif *notif, enum action wanted)
{
	struct judged_detail detail;

	ck_assert_int_eq(action_for(notif, &detail), wanted);
}

/* Of a judgement that is no allowance: what is missing, and on what. */
static void check_missing(const struct notif *notif, enum action wanted,
			  const char *path, rights_t missing)
{
	struct judged_detail detail;

	ck_assert_int_eq(action_for(notif, &detail), wanted);
	ck_assert_uint_eq(detail.missing_count, 1);
	ck_assert_str_eq(detail.missing[0].object.bytes, path);
	ck_assert_uint_eq(detail.missing[0].rights, missing);
}

START_TEST(one_object)
{
	setup();
	check(notif_of(HELD "/x", RIGHT_FS_READ_FILE), ACTION_NATIVE);
	check(notif_of(OPEN "/x", RIGHT_FS_READ_FILE), ACTION_PERFORM);
	check_missing(notif_of(ELSE "/x", RIGHT_FS_READ_FILE), ACTION_ASK,
		      ELSE "/x", RIGHT_FS_READ_FILE);
	check_missing(notif_of(CLOSED "/x", RIGHT_FS_READ_FILE), ACTION_DENY,
		      CLOSED "/x", RIGHT_FS_READ_FILE);
	/* Half of it is not it. */
	check_missing(
		notif_of(HELD "/x", RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE),
		ACTION_ASK, HELD "/x", RIGHT_FS_WRITE_FILE);
	/* Not every name that begins so lies beneath. */
	check(notif_of(HELD "x", RIGHT_FS_READ_FILE), ACTION_ASK);
	teardown();
}
END_TEST

START_TEST(two_objects)
{
	setup();
	check(notif_of_two(HELD "/x", RIGHT_FS_READ_FILE, HELD "/y",
			   RIGHT_FS_READ_FILE),
	      ACTION_NATIVE);
	check(notif_of_two(HELD "/x", RIGHT_FS_READ_FILE, OPEN "/y",
			   RIGHT_FS_READ_FILE),
	      ACTION_PERFORM);
	check_missing(notif_of_two(HELD "/x", RIGHT_FS_READ_FILE, ELSE "/y",
				   RIGHT_FS_READ_FILE),
		      ACTION_ASK, ELSE "/y", RIGHT_FS_READ_FILE);
	/* Nobody is asked about a half when the other is denied. */
	check(notif_of_two(ELSE "/x", RIGHT_FS_READ_FILE, CLOSED "/y",
			   RIGHT_FS_READ_FILE),
	      ACTION_DENY);
	teardown();
}
END_TEST

/* The kernel may run a call by itself only where it checks all that matters. */
START_TEST(what_the_kernel_runs)
{
	struct notif *notif;

	setup();
	notif = notif_of(HELD "/x", RIGHT_FS_READ_FILE);
	notif->exposed = RIGHT_FS_READ_FILE;
	check(notif, ACTION_NATIVE);
	notif->exposed = RIGHTS_NEVER_HELD;
	check(notif, ACTION_PERFORM);
	notif->maker = MAKER_KERNEL;
	check(notif, ACTION_DENY);
	notif->exposed = 0;
	check(notif, ACTION_NATIVE);
	/* Nobody is asked for what nobody may perform. */
	notif = notif_of(ELSE "/x", RIGHT_FS_READ_FILE);
	notif->maker = MAKER_KERNEL;
	check(notif, ACTION_DENY);
	/* Registers cannot be exchanged. */
	notif = notif_of(OPEN "/x", RIGHT_FS_READ_FILE);
	notif->maker = MAKER_REGISTERS;
	check(notif, ACTION_NATIVE);
	teardown();
}
END_TEST

/* Revoked: the ruleset decides, whatever the kernel still holds. */
START_TEST(revoked)
{
	struct rules rules = {0};

	setup();
	ruleset_unref(ruleset);
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHTS_READ, HELD "/secret");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, HELD);
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
	ck_assert(!static_layer_check(layer, ruleset));
	check(notif_of(HELD "/secret", RIGHT_FS_READ_FILE), ACTION_DENY);
	/* The kernel would let an exchanged path through. */
	check(notif_of(HELD "/x", RIGHT_FS_READ_FILE), ACTION_PERFORM);
	teardown();
}
END_TEST

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

/* Whatever an object is called, the strictest of its names counts. */
START_TEST(aliases)
{
	struct rules rules = {0};
	struct notif *notif;

	setup();
	ruleset_unref(ruleset);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ | RIGHTS_CREATE,
		  "/w");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, HELD);
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHTS_READ, "/w/secret");
	rules_add(&rules, LAYER_USER, EFFECT_ASK, RIGHTS_READ, "/asked");
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
	notif = notif_of("/w/x", RIGHT_FS_READ_FILE);
	check(notif, ACTION_PERFORM);
	ck_assert_int_eq(accesses_alias(&notif->accesses, 0, "", "/w/secret/x"),
			 0);
	check(notif, ACTION_DENY);
	notif_forget(notif);
	notif = notif_of("/w/x", RIGHT_FS_READ_FILE);
	/* What no rule mentions takes nothing away, what one asks for does. */
	ck_assert_int_eq(accesses_alias(&notif->accesses, 0, "", "/elsewhere"),
			 0);
	check(notif, ACTION_PERFORM);
	ck_assert_int_eq(accesses_alias(&notif->accesses, 0, "", "/asked"), 0);
	check_missing(notif, ACTION_ASK, "/w/x", RIGHT_FS_READ_FILE);
	notif_forget(notif);
	/* The kernel would know but one of the names. */
	notif = notif_of(HELD "/x", RIGHT_FS_READ_FILE);
	check(notif, ACTION_NATIVE);
	ck_assert_int_eq(accesses_alias(&notif->accesses, 0, "", "/w/x"), 0);
	check(notif, ACTION_PERFORM);
	notif_forget(notif);
	/* What lies beneath a directory has gone there from elsewhere. */
	notif = notif_of_two("/w/a", RIGHT_FS_REFER, "/w/b", RIGHT_FS_REFER);
	notif->accesses.reparents = true;
	notif->accesses.directories[0] = true;
	check(notif, ACTION_PERFORM);
	ck_assert_int_eq(
		accesses_alias(&notif->accesses, 0, "/in/it", "/w/secret"), 0);
	check(notif, ACTION_DENY);
	notif_forget(notif);
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

/* The errors that Landlock gives. */
START_TEST(errors)
{
	static const struct {
		rights_t rights;
		int error;
	} cases[] = {
		{RIGHT_FS_READ_FILE, -EACCES},
		{RIGHT_FS_REFER, -EXDEV},
		{RIGHT_FS_REFER | RIGHT_FS_MAKE_REG, -EACCES},
		{RIGHT_SCOPE_SIGNAL, -EPERM},
		{RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, -EPERM},
		{RIGHT_PERM_NAMESPACE_ENTER, -EPERM},
	};
	struct judged_detail detail;

	setup();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		action_for(notif_of(ELSE "/x", cases[i].rights), &detail);
		ck_assert_int_eq(detail.error, cases[i].error);
	}
	teardown();
}
END_TEST

START_TEST(rules_of_one_process)
{
	const struct notif *notif = notif_of(ELSE "/x", RIGHT_FS_READ_FILE);
	struct judged_detail detail;
	struct rules rules = {0};

	setup();
	ruleset_unref(ruleset);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, ELSE);
	rules.items[0].pid = 12;
	rules.items[0].pid_start = 34;
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
	ck_assert_int_eq(action_of(ruleset, layer, notif,
				   (struct process_id){12, 34}, true, &detail),
			 ACTION_PERFORM);
	ck_assert_int_eq(action_of(ruleset, layer, notif,
				   (struct process_id){13, 34}, true, &detail),
			 ACTION_ASK);
	/* The number has passed to another process. */
	ck_assert_int_eq(action_of(ruleset, layer, notif,
				   (struct process_id){12, 35}, true, &detail),
			 ACTION_ASK);
	teardown();
}
END_TEST

/*
 * The kernel asks when it runs the call: nobody else does, but for what it
 * would not ask about, and unless somebody else's supervisor wants it
 * performed.
 */
START_TEST(what_the_kernel_asks_about)
{
	static const struct operation operation = {
		.kernel_asks = RIGHTS_TO_PEERS,
	};
	static const struct call call = {.operation = &operation};
	const rights_t asked = RIGHTS_FS | RIGHTS_NET;
	struct object port = {.type = OBJECT_PORT, .port = 80};
	struct judged_detail detail;
	struct notif *notif;

	setup();
	static_layer_free(layer);
	ck_assert_int_eq(
		static_layer_beside(&layer, ruleset,
				    asked | RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET,
				    asked),
		0);
	notif = notif_of(ELSE, 0);
	notif->call = &call;
	notif->accesses.count = 0;
	notif->exposed = RIGHTS_NET | RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	notif_need(notif, &port, RIGHT_NET_CONNECT_TCP);
	check(notif, ACTION_NATIVE);
	ck_assert_int_eq(
		action_of(ruleset, layer, notif, PROCESS_NONE, false, &detail),
		ACTION_ASK);
	notif->exposed |= RIGHT_SCOPE_SIGNAL; /* nobody holds that */
	check(notif, ACTION_ASK);
	notif->exposed = 0;
	notif->accesses.needs[0].rights |= RIGHT_PERM_SOCKET_CREATE;
	check(notif, ACTION_ASK);
	/* What a rule denies it need not ask about. */
	notif = notif_of(CLOSED "/x", RIGHT_FS_RESOLVE_UNIX);
	notif->call = &call;
	check(notif, ACTION_DENY);
	teardown();
}
END_TEST

UNIT_MAIN_WHERE(landlock_abi() > 0, "Landlock in this kernel", "judge",
		one_object, two_objects, what_the_kernel_runs, revoked,
		reparenting, reparenting_directories, moving_above_rules,
		moving_above_many_rules, aliases, moving_any_kind, errors,
		rules_of_one_process, what_the_kernel_asks_about);
