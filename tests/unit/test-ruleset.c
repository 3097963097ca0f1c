/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rulesets: objects of every type, expiry, bad rules, what a judgement costs.
 * Whether what they judge is right, test-ruleset-model.c compares.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "core/ruleset.h"
#include "rules.h"
#include "unit.h"

#define NOW 1000

static struct object parse(const char *text, rights_t rights)
{
	const char *expected = "";
	struct object object;
	bool beneath;

	ck_assert_msg(
		object_parse(text, rights, &object, &beneath, &expected) == 0,
		"%s: %s", text, expected);
	return object;
}

struct expectation {
	const char *text;
	rights_t right;
	enum effect effect;
};

static void expect(const struct ruleset *ruleset,
		   const struct expectation *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct object object = parse(cases[i].text, cases[i].right);
		const struct rule *why = ruleset_why(
			ruleset, &object, cases[i].right, PROCESS_NONE);

		ck_assert_msg(
			effect_of(ruleset_judge(ruleset, &object,
						cases[i].right, PROCESS_NONE),
				  cases[i].right) == cases[i].effect,
			"%s", cases[i].text);
		ck_assert_int_eq(why ? why->effect : EFFECT_ASK,
				 cases[i].effect);
		object_finish(&object);
	}
}

#define PORT RIGHT_NET_CONNECT_TCP
#define NAME RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET
#define SPACE RIGHT_PERM_NAMESPACE_ENTER
#define SOCKET RIGHT_PERM_SOCKET_CREATE

START_TEST(other_objects)
{
	static const struct expectation cases[] = {
		{"80", PORT, EFFECT_ALLOW},
		{"0", PORT, EFFECT_ALLOW},
		{"22", PORT, EFFECT_DENY},
		{"80", RIGHT_NET_BIND_TCP, EFFECT_ASK},
		{"@org.app.1", NAME, EFFECT_ALLOW},
		{"@org.app", NAME, EFFECT_DENY},
		{"@org.ap", NAME, EFFECT_ASK},
		{"user", SPACE, EFFECT_ALLOW},
		{"user+pid", SPACE, EFFECT_ALLOW},
		{"user+net", SPACE, EFFECT_DENY},
		{"user+mnt", SPACE, EFFECT_ASK},
		{"user+mnt+net", SPACE, EFFECT_DENY},
		{"inet:stream:6", SOCKET, EFFECT_ALLOW},
		{"inet:raw:1", SOCKET, EFFECT_ALLOW},
		{"inet6:raw:1", SOCKET, EFFECT_DENY},
		{"inet6:stream:0", SOCKET, EFFECT_ASK},
		{"CAP_NET_RAW", RIGHT_PERM_CAPABILITY_USE, EFFECT_DENY},
		{"CAP_CHOWN", RIGHT_PERM_CAPABILITY_USE, EFFECT_ALLOW},
		{"pid:4", RIGHT_SCOPE_SIGNAL, EFFECT_ALLOW},
		{"pid:5", RIGHT_SCOPE_SIGNAL, EFFECT_ASK},
		{"/run/x", RIGHT_FS_RESOLVE_UNIX, EFFECT_ASK},
	};
	struct rules rules = {0};
	struct ruleset *ruleset;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, PORT, "*");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, PORT, "22");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, NAME, "@org.app*");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, NAME, "@org.app");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, SPACE, "user+pid");
	rules_add(&rules, LAYER_ADMIN, EFFECT_DENY, SPACE, "net");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, SOCKET, "*:raw:*");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, SOCKET, "inet:*:*");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHT_PERM_CAPABILITY_USE,
		  "*");
	rules_add(&rules, LAYER_ADMIN, EFFECT_DENY, RIGHT_PERM_CAPABILITY_USE,
		  "CAP_NET_RAW");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHT_SCOPE_SIGNAL,
		  "pid:4");
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW), 0);
	expect(ruleset, cases, ARRAY_SIZE(cases));
	ruleset_unref(ruleset);
	rules_finish(&rules);
}
END_TEST

static int count_ports(void *userdata, const struct object *object,
		       rights_t rights, rights_t here)
{
	char *const text = userdata;

	ck_assert_int_eq(object->type, OBJECT_PORT);
	ck_assert_uint_eq(here, 0);
	sprintf(text + strlen(text), object->any ? "*:%d " : "%d:%d ",
		object->any ? (int)(rights >> 24) : object->port,
		(int)(rights >> 24));
	return 0;
}

START_TEST(uniform_ports)
{
	struct rules rules = {0};
	struct ruleset *ruleset;
	char text[256] = "";

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW,
		  RIGHT_NET_CONNECT_TCP | RIGHT_NET_BIND_TCP, "*");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHT_NET_CONNECT_TCP, "22");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHT_NET_CONNECT_TCP,
		  "443");
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW), 0);
	ck_assert_int_eq(ruleset_uniform(ruleset, count_ports, text), 0);
	/* bind (1) at every port; connect (2) has an exception. */
	ck_assert_str_eq(text, "*:1 443:2 ");
	ruleset_unref(ruleset);
	rules_finish(&rules);
}
END_TEST

START_TEST(what_is_not_canonical_is_asked)
{
	static const char *const paths[] = {
		"",	     "etc",	  "//",	     "/etc//passwd",
		"/etc/",     "/etc/.",	  "/etc/..", "/etc/x/../../root",
		"/etc/x/./", "/unknown/", "/../etc", "/.",
	};
	struct rules rules = {0};
	struct ruleset *ruleset;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/etc");
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW), 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		ck_assert_msg(ruleset_judge_path(ruleset, paths[i],
						 strlen(paths[i]), RIGHTS_READ,
						 PROCESS_NONE)
					      .asked == RIGHTS_READ,
			      "%s", paths[i]);
	ck_assert_uint_eq(ruleset_judge_path(ruleset, "/etc/..x/...", 12,
					     RIGHTS_READ, PROCESS_NONE)
				  .allowed,
			  RIGHTS_READ);
	ruleset_unref(ruleset);
	rules_finish(&rules);
}
END_TEST

START_TEST(bad_rules_are_refused)
{
	static const struct rule bad[] = {
		{.object = {.type = OBJECT_PORT}, .rights = 0},
		{.object = {.type = OBJECT_PORT}, .rights = RIGHTS_READ},
		{.object = {.type = OBJECT_TYPES_}, .rights = RIGHTS_READ},
		{.object = {.type = OBJECT_NAMESPACE}, .rights = SPACE},
		{.object = {.type = OBJECT_PORT},
		 .rights = RIGHTS_NET,
		 .layer = LAYER_ADMIN,
		 .pid = 1,
		 .pid_start = 1},
		{.object = {.type = OBJECT_PORT},
		 .rights = RIGHTS_NET,
		 .effect = EFFECTS_},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const struct rules rules = {
			.items = (struct rule *)&bad[i],
			.count = 1,
		};
		struct ruleset *ruleset = NULL;

		ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW),
				 -EINVAL);
		ck_assert_ptr_null(ruleset);
	}
}
END_TEST

START_TEST(expiry)
{
	struct rules rules = {0};
	struct ruleset *ruleset;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/a");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/b");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/c");
	rules.items[0].expires = NOW + 20;
	rules.items[1].expires = NOW + 10;
	rules.items[2].expires = NOW;
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW), 0);
	ck_assert_int_eq(ruleset_next_expiry(ruleset), NOW + 10);
	ck_assert_uint_eq(
		ruleset_judge_path(ruleset, "/c", 2, RIGHTS_READ, PROCESS_NONE)
			.asked,
		RIGHTS_READ);
	ruleset_unref(ruleset);
	rules_finish(&rules);
}
END_TEST

static int64_t after(const struct clock *clock)
{
	(void)clock;
	return (NOW + 20) * INT64_C(1000000000);
}

/*
 * No kernel is made to hold what ends, and it has no say from its end on, also
 * where nobody makes another generation.
 */
START_TEST(what_ends_is_over)
{
	const struct clock clock = {.wall = after};
	struct rules rules = {0};
	struct ruleset *ruleset;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/a");
	rules.items[0].expires = NOW + 20;
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW), 0);
	ck_assert_uint_eq(ruleset_uniform_path(ruleset, "/a", 2, NULL), 0);
	ruleset_set_clock(ruleset, &clock);
	ck_assert_uint_eq(
		ruleset_judge_path(ruleset, "/a", 2, RIGHTS_READ, PROCESS_NONE)
			.asked,
		RIGHTS_READ);
	ruleset_unref(ruleset);
	rules_finish(&rules);
}
END_TEST

static void add_to(struct rulebook *book, const char *id, int64_t expires)
{
	struct rules rules = {0};

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/a");
	rules.items[0].id = strdup(id);
	rules.items[0].expires = expires;
	ck_assert_int_eq(rulebook_append(book, &rules), 0);
	rules_finish(&rules);
}

/* What was allowed for good and now is for a while has to be taken back. */
START_TEST(what_ends_makes_up_for_nothing)
{
	struct ruleset *before, *between, *behind;
	struct rulebook *book;

	ck_assert_int_eq(rulebook_new(&book), 0);
	add_to(book, "one", 0);
	ck_assert_int_eq(ruleset_of_books(&before, &book, 1, 1, NOW), 0);
	ck_assert(rulebook_remove(book, "one"));
	add_to(book, "two", NOW + 20);
	ck_assert_int_eq(ruleset_of_books(&between, &book, 1, 2, NOW), 0);
	ck_assert(!ruleset_only_adds(between, before));
	add_to(book, "three", 0);
	ck_assert_int_eq(ruleset_of_books(&behind, &book, 1, 3, NOW), 0);
	ck_assert(ruleset_only_adds(behind, before));
	ruleset_unref(before);
	ruleset_unref(between);
	ruleset_unref(behind);
	rulebook_unref(book);
}
END_TEST

/*
 * Many rules, deep paths: prints what a judgement costs. No assertion on the
 * time, which is the machine's; the budget is for whoever reads the log.
 */
START_TEST(many_rules)
{
	static const char path[] = "/usr/lib/x86_64-linux-gnu/dir77/libx.so.1";
	const int judgements = 200000;
	struct rules rules = {0};
	struct timespec start, end;
	struct ruleset *ruleset;
	rights_t allowed = 0;
	char text[64];

	for (int i = 0; i < 10000; i++) {
		snprintf(text, sizeof(text), "/usr/lib/x86_64-linux-gnu/dir%d",
			 i);
		rules_add(&rules, i % LAYERS_, EFFECT_ALLOW, RIGHTS_READ, text);
	}
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW), 0);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < judgements; i++)
		allowed |= ruleset_judge_path(ruleset, path, sizeof(path) - 1,
					      RIGHTS_READ, PROCESS_NONE)
				   .allowed;
	clock_gettime(CLOCK_MONOTONIC, &end);
	ck_assert_uint_eq(allowed, RIGHTS_READ);
	printf("judgement: %.0f ns\n", ((end.tv_sec - start.tv_sec) * 1e9 +
					(end.tv_nsec - start.tv_nsec)) /
					       judgements);
	ruleset_unref(ruleset);
	rules_finish(&rules);
}
END_TEST

START_TEST(rules_come_to_the_same)
{
	struct rules joined = {0}, split = {0}, other = {0}, none = {0};

	rules_add(&joined, LAYER_USER, EFFECT_ALLOW,
		  RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE, "/a");
	rules_add(&joined, LAYER_USER, EFFECT_DENY, RIGHT_FS_READ_FILE, "/b");
	rules_add(&split, LAYER_USER, EFFECT_DENY, RIGHT_FS_READ_FILE, "/b");
	rules_add(&split, LAYER_USER, EFFECT_ALLOW, RIGHT_FS_WRITE_FILE, "/a");
	rules_add(&split, LAYER_USER, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/a");
	ck_assert(rules_same_effect(&joined, &split));
	ck_assert(!rules_equal(&joined, &split));
	ck_assert(rules_equal(&joined, &joined));
	rules_add(&other, LAYER_USER, EFFECT_DENY, RIGHT_FS_READ_FILE, "/b");
	ck_assert(!rules_same_effect(&joined, &other));
	rules_add(&other, LAYER_USER, EFFECT_ALLOW,
		  RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE, "/a/b");
	ck_assert(!rules_same_effect(&joined, &other));
	ck_assert(!rules_same_effect(&joined, &none));
	ck_assert(rules_same_effect(&none, &none));
	other.items[1].expires = 1;
	ck_assert(!rules_same_effect(&joined, &other));
	rules_finish(&joined);
	rules_finish(&split);
	rules_finish(&other);
}
END_TEST

UNIT_MAIN("ruleset", rules_come_to_the_same, other_objects, uniform_ports,
	  what_is_not_canonical_is_asked, bad_rules_are_refused, expiry,
	  what_ends_is_over, what_ends_makes_up_for_nothing, many_rules);
