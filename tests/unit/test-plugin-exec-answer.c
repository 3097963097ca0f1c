/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "plugin/plugin_exec_answer.h"
#include "unit.h"

#define NOW 1000

static int parse(const char *line, struct exec_answer *ret)
{
	return exec_answer_parse(line, strlen(line), NOW, ret);
}

START_TEST(answers)
{
	struct exec_answer answer;

	ck_assert_int_eq(parse("{\"id\":7,\"answer\":\"pass\"}", &answer), 0);
	ck_assert_uint_eq(answer.id, 7);
	ck_assert_int_eq(answer.verdict, PLUGIN_PASS);
	exec_answer_finish(&answer);

	ck_assert_int_eq(
		parse("{\"answer\":\"allow:session:beneath:/srv\",\"id\":8}",
		      &answer),
		0);
	ck_assert_uint_eq(answer.id, 8);
	ck_assert_int_eq(answer.verdict, PLUGIN_DECIDED);
	ck_assert_int_eq(answer.decision.outcome, OUTCOME_ALLOW);
	ck_assert_int_eq(answer.decision.lifetime, LIFETIME_SESSION);
	ck_assert_str_eq(answer.decision.beneath, "/srv");
	exec_answer_finish(&answer);

	/* From the moment that is handed in. */
	ck_assert_int_eq(parse("{\"answer\":\"allow:60s\",\"id\":9}", &answer),
			 0);
	ck_assert_int_eq(answer.decision.until, NOW + 60);
	exec_answer_finish(&answer);
}
END_TEST

/* What could be read in two ways is not read in the permissive one. */
START_TEST(what_is_no_answer)
{
	static const char *const lines[] = {
		"",
		"pass",
		"[]",
		"{}",
		"{\"id\":1}",
		"{\"answer\":\"allow\"}",
		"{\"id\":\"1\",\"answer\":\"allow\"}",
		"{\"id\":1.5,\"answer\":\"allow\"}",
		"{\"id\":1,\"answer\":\"perhaps\"}",
		"{\"id\":1,\"answer\":\"allow:for ever\"}",
		"{\"id\":1,\"answer\":true}",
		"{\"id\":1,\"answer\":\"deny\",\"answer\":\"allow\"}",
		"{\"id\":1,\"answer\":\"allow\"} {\"id\":2}",
	};
	struct exec_answer answer = {.id = 42};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		ck_assert_msg(parse(lines[i], &answer) == -EINVAL, "%s",
			      lines[i]);
		ck_assert_uint_eq(answer.id, 42);
	}
}
END_TEST

/* A line is all of its bytes, not those before the first NUL. */
START_TEST(nothing_hides_behind_a_nul)
{
	static const char line[] = "{\"id\":1,\"answer\":\"allow\"}\0}";
	struct exec_answer answer;

	ck_assert_int_eq(
		exec_answer_parse(line, sizeof(line) - 1, NOW, &answer),
		-EINVAL);
}
END_TEST

UNIT_MAIN("exec-answer", answers, what_is_no_answer,
	  nothing_hides_behind_a_nul);
