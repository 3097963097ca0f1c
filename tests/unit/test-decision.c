/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/decision.h"
#include "unit.h"

#define NOW 1000000

START_TEST(arguments_parse)
{
	static const struct {
		const char *text;
		enum outcome outcome;
		enum lifetime lifetime;
		int64_t until;
		const char *beneath;
	} cases[] = {
		{"allow", OUTCOME_ALLOW, LIFETIME_ONCE, 0, NULL},
		{"deny", OUTCOME_DENY, LIFETIME_ONCE, 0, NULL},
		{"deny:session", OUTCOME_DENY, LIFETIME_SESSION, 0, NULL},
		{"allow:process:object", OUTCOME_ALLOW, LIFETIME_PROCESS, 0,
		 NULL},
		{"allow:always:beneath:/home/u:x", OUTCOME_ALLOW,
		 LIFETIME_ALWAYS, 0, "/home/u:x"},
		{"allow:30s", OUTCOME_ALLOW, LIFETIME_UNTIL, NOW + 30, NULL},
		{"allow:2h:beneath:/", OUTCOME_ALLOW, LIFETIME_UNTIL,
		 NOW + 7200, "/"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct decision decision;
		const char *expected;

		ck_assert_int_eq(decision_parse(cases[i].text, NOW, &decision,
						&expected),
				 0);
		ck_assert_int_eq(decision.outcome, cases[i].outcome);
		ck_assert_int_eq(decision.lifetime, cases[i].lifetime);
		ck_assert_int_eq(decision.until, cases[i].until);
		ck_assert_pstr_eq(decision.beneath, cases[i].beneath);
		decision_finish(&decision);
	}
}
END_TEST

START_TEST(bad_arguments)
{
	static const char *const cases[] = {
		"",
		"allows",
		"allow:",
		"allow:until",
		"allow:0s",
		"allow:5w",
		"allow:-5s",
		"allow:99999999999d",
		"allow:once:",
		"allow:once:no",
		"allow:once:beneath:",
		"allow:once:beneath:x",
		"allow:once:beneath:/a/..",
		"allow::object",
		"allow:once:object:x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *expected = NULL;
		struct decision decision;

		ck_assert_msg(decision_parse(cases[i], NOW, &decision,
					     &expected) == -EINVAL,
			      "%s", cases[i]);
		ck_assert_ptr_nonnull(expected);
	}
}
END_TEST

static void make_request(struct request *request)
{
	*request = (struct request){.accesses_count = 2};
	request->subject.pid = 12;
	request->subject.pid_start = 34;
	request->accesses[0].missing = RIGHT_FS_READ_FILE;
	request->accesses[1].missing = RIGHT_FS_MAKE_REG;
	object_init_path(&request->accesses[0].object, "/home/u/a");
	object_init_path(&request->accesses[1].object, "/tmp");
}

START_TEST(rules_of_decisions)
{
	struct decision decision = {
		.outcome = OUTCOME_ALLOW,
		.lifetime = LIFETIME_SESSION,
		.beneath = strdup("/home/u"),
		.rights = RIGHT_FS_READ_DIR | RIGHT_NET_BIND_TCP,
		.agent = strdup("terminal"),
	};
	struct request request;
	struct rules rules;

	make_request(&request);
	ck_assert_int_eq(decision_rules(&decision, &request, 0, &rules), 0);
	ck_assert_uint_eq(rules.count, 2);
	ck_assert_str_eq(rules.items[0].object.bytes, "/home/u");
	ck_assert(rules.items[0].beneath);
	ck_assert_uint_eq(rules.items[0].rights, RIGHTS_READ);
	ck_assert_str_eq(rules.items[0].origin,
			 "terminal, 1970-01-01T00:00:00Z");
	ck_assert_str_eq(rules.items[1].object.bytes, "/tmp");
	ck_assert(!rules.items[1].beneath);
	ck_assert_int_eq(rules.items[1].layer, LAYER_USER);
	ck_assert_int_eq(rules.items[1].pid, 0);
	rules_finish(&rules);

	decision.lifetime = LIFETIME_PROCESS;
	ck_assert_int_eq(decision_rules(&decision, &request, 0, &rules), 0);
	ck_assert_int_eq(rules.items[0].pid, 12);
	ck_assert_uint_eq(rules.items[0].pid_start, 34);
	rules_finish(&rules);

	/* Never a rule for all when the process is not known. */
	request.subject.pid_start = 0;
	ck_assert_int_eq(decision_rules(&decision, &request, 0, &rules), 0);
	ck_assert_uint_eq(rules.count, 0);

	decision.lifetime = LIFETIME_ONCE;
	ck_assert_int_eq(decision_rules(&decision, &request, 0, &rules), 0);
	ck_assert_uint_eq(rules.count, 0);
	request_finish(&request);
	decision_finish(&decision);
}
END_TEST

START_TEST(same_object_is_one_rule)
{
	struct decision decision = {
		.outcome = OUTCOME_DENY,
		.lifetime = LIFETIME_UNTIL,
		.until = 99,
		.beneath = strdup("/"),
	};
	struct request request;
	struct rules rules;

	make_request(&request);
	ck_assert_int_eq(decision_rules(&decision, &request, 0, &rules), 0);
	ck_assert_uint_eq(rules.count, 1);
	ck_assert_uint_eq(rules.items[0].rights,
			  RIGHT_FS_READ_FILE | RIGHT_FS_MAKE_REG);
	ck_assert_int_eq(rules.items[0].expires, 99);
	ck_assert_int_eq(rules.items[0].effect, EFFECT_DENY);
	rules_finish(&rules);
	request_finish(&request);
	decision_finish(&decision);
}
END_TEST

UNIT_MAIN("decision", arguments_parse, bad_arguments, rules_of_decisions,
	  same_object_is_one_rule);
