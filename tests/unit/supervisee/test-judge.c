/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of calls, by the rules and by what the kernel holds. */
#include "judged.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

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
		one_object, two_objects, what_the_kernel_runs, revoked, aliases,
		errors, rules_of_one_process, what_the_kernel_asks_about);
