/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of agent/script.h, answer.h and none.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/answer.h"
#include "agent/none.h"
#include "agent/script.h"
#include "ask.h"
#include "base/cleanup.h"
#include "unit.h"

static char path[] = "/tmp/landlord-test-script-XXXXXX";

static void write_script(const char *text, size_t length)
{
	FILE *const file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, length, file), length);
	fclose(file);
}

/* What a script answers to a request; "" when nothing. */
static const char *answer_of(const char *script, const struct request *request)
{
	static struct answered answered;
	struct agent *agent;
	char *error = NULL;

	answered = (struct answered){0};
	write_script(script, strlen(script));
	ck_assert_msg(script_agent_new(&agent, path, &clock_real, &error) == 0,
		      "%s", error);
	agent->events = &answered_events;
	agent->userdata = &answered;
	ck_assert_int_eq(ask(agent, 7, request), 0);
	ck_assert_uint_eq(answered.count, 1);
	ck_assert_uint_eq(answered.id, 7);
	agent_withdraw(agent, 7);
	agent_free(agent);
	return answered.text;
}

START_TEST(first_match_wins)
{
	static const struct {
		const char *script, *path, *answer;
	} cases[] = {
		{"", "/a", "deny:once"},
		{"{\"outcome\":\"allow\"}\n", "/a", "allow:once"},
		{"{\"outcome\":\"allow\",\"path\":\"/b\"}\n", "/a",
		 "deny:once"},
		{"{\"path\":\"/h/*\",\"outcome\":\"allow\","
		 "\"lifetime\":\"session\"}\n{\"outcome\":\"deny\"}",
		 "/h/u/x", "allow:session"},
		{"\n{\"path\":\"/h/u/*\",\"outcome\":\"deny\","
		 "\"lifetime\":\"always\"}\n\n{\"outcome\":\"allow\"}",
		 "/h/u/.x", "deny:always"},
		{"{\"right\":\"fs.write*\",\"outcome\":\"allow\"}", "/a",
		 "deny:once"},
		{"{\"right\":\"fs.*\",\"outcome\":\"allow\",\"lifetime\":"
		 "\"process\",\"scope\":\"beneath:/a:b\"}",
		 "/a", "allow:process:beneath:/a:b"},
		{"{\"port\":443,\"outcome\":\"allow\"}", "/a", "deny:once"},
		{"{\"path\":\"/a\\n\",\"outcome\":\"allow\"}", "/a\n",
		 "allow:once"},
	};
	struct request request = {0};

	ask_path(&request, cases[_i].path, RIGHT_FS_READ_FILE);
	ck_assert_str_eq(answer_of(cases[_i].script, &request),
			 cases[_i].answer);
	request_finish(&request);
}
END_TEST

START_TEST(several_accesses)
{
	const char allow[] = "{\"path\":\"/ok/*\",\"outcome\":\"allow\"}\n";
	const char deny[] = "{\"path\":\"/no/*\",\"outcome\":\"deny\","
			    "\"lifetime\":\"session\"}\n"
			    "{\"outcome\":\"allow\"}\n";
	struct request request = {0};

	ask_path(&request, "/ok/a", RIGHT_FS_MAKE_REG);
	ask_path(&request, "/no/b", RIGHT_FS_REMOVE_FILE);
	/* An allow covers all of a question, a deny any of it. */
	ck_assert_str_eq(answer_of(allow, &request), "deny:once");
	ck_assert_str_eq(answer_of(deny, &request), "deny:session");
	request_finish(&request);
}
END_TEST

START_TEST(several_rights)
{
	struct request request = {0};

	ask_path(&request, "/a", RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE);
	ck_assert_str_eq(answer_of("{\"right\":\"fs.read_file\","
				   "\"outcome\":\"allow\"}",
				   &request),
			 "deny:once");
	ck_assert_str_eq(answer_of("{\"right\":\"fs.write_file\",\"outcome\":"
				   "\"deny\",\"lifetime\":\"always\"}\n"
				   "{\"outcome\":\"allow\"}",
				   &request),
			 "deny:always");
	request_finish(&request);
}
END_TEST

START_TEST(port)
{
	struct request request = {0};

	ask_port(&request, 443, RIGHT_NET_CONNECT_TCP);
	ck_assert_str_eq(answer_of("{\"path\":\"*\",\"outcome\":\"allow\"}\n"
				   "{\"port\":80,\"outcome\":\"allow\"}\n"
				   "{\"port\":443,\"outcome\":\"allow\","
				   "\"lifetime\":\"session\"}\n",
				   &request),
			 "allow:session");
	request_finish(&request);
}
END_TEST

/* Each is refused when loaded, with its line and what was expected. */
START_TEST(bad_scripts)
{
	static const struct {
		const char *script, *where, *what;
	} cases[] = {
		{"{\"outcome\":\"allow\"}\n[1]\n", ":2: ", "one JSON object"},
		{"{\"outcome\":\"allow\"", ":1: ", "one JSON object"},
		{"hello", ":1: ", "one JSON object"},
		{"{}", ":1: ", "outcome"},
		{"{\"outcome\":\"maybe\"}", ":1: ", "\"allow\" or \"deny\""},
		{"{\"outcome\":true}", ":1: ", "a string"},
		{"\n\n{\"outcome\":\"allow\",\"x\":1}",
		 ":3: ", "unknown key \"x\""},
		{"{\"outcome\":\"allow\",\"outcome\":\"deny\"}",
		 ":1: ", "duplicate"},
		{"{\"outcome\":\"allow:always\"}", ":1: ", "no colon"},
		{"{\"outcome\":\"allow\",\"lifetime\":\"ever\"}",
		 ":1: ", "\"session\""},
		{"{\"outcome\":\"allow\",\"scope\":\"beneath:x\"}",
		 ":1: ", "beneath:/absolute/path"},
		{"{\"outcome\":\"allow\",\"right\":\"fs.red\"}",
		 ":1: ", "name of a right"},
		{"{\"outcome\":\"allow\",\"path\":\"notes\"}",
		 ":1: ", "absolute path"},
		{"{\"outcome\":\"allow\",\"path\":\"\"}",
		 ":1: ", "absolute path"},
		{"{\"outcome\":\"allow\",\"path\":\"/a\\u0000b\"}",
		 ":1: ", "one JSON object"},
		{"{\"outcome\":\"allow\",\"port\":65536}", ":1: ", "65535"},
		{"{\"outcome\":\"allow\",\"port\":\"80\"}", ":1: ", "65535"},
	};
	struct agent *agent = NULL;
	_cleanup_free_ char *error = NULL;

	write_script(cases[_i].script, strlen(cases[_i].script));
	ck_assert_int_eq(script_agent_new(&agent, path, &clock_real, &error),
			 -EINVAL);
	ck_assert_ptr_nonnull(error);
	ck_assert_msg(strncmp(error, path, strlen(path)) == 0, "%s", error);
	ck_assert_msg(strstr(error, cases[_i].where) != NULL, "%s", error);
	ck_assert_msg(strstr(error, cases[_i].what) != NULL, "%s", error);
}
END_TEST

START_TEST(bounds)
{
	_cleanup_free_ char *text = malloc(SCRIPT_BYTES_MAX + 1);
	_cleanup_free_ char *line_error = NULL, *file_error = NULL;
	_cleanup_free_ char *missing_error = NULL;
	struct agent *agent = NULL;

	memset(text, ' ', SCRIPT_BYTES_MAX + 1);
	memcpy(text, "{}", 2);
	write_script(text, 1024 * 1024);
	ck_assert_int_eq(
		script_agent_new(&agent, path, &clock_real, &line_error),
		-EINVAL);
	ck_assert_ptr_nonnull(strstr(line_error, ":1: expected at most"));
	memset(text, '\n', SCRIPT_BYTES_MAX + 1);
	write_script(text, SCRIPT_BYTES_MAX + 1);
	ck_assert_int_eq(
		script_agent_new(&agent, path, &clock_real, &file_error),
		-EINVAL);
	ck_assert_ptr_nonnull(strstr(file_error, ": expected at most"));
	unlink(path);
	ck_assert_int_eq(
		script_agent_new(&agent, path, &clock_real, &missing_error),
		-ENOENT);
	ck_assert_ptr_nonnull(strstr(missing_error, "cannot be read"));
}
END_TEST

START_TEST(answer_and_none)
{
	struct answered answered = {0};
	const char *expected = NULL;
	struct request request = {0};
	struct agent *agent;

	ask_path(&request, "/a", RIGHT_FS_READ_FILE);
	ck_assert_int_eq(answer_agent_new(&agent, "allow:session:beneath:/a",
					  &clock_real, &expected),
			 0);
	agent->events = &answered_events;
	agent->userdata = &answered;
	ck_assert_int_eq(ask(agent, 1, &request), 0);
	ck_assert_str_eq(answered.text, "allow:session:beneath:/a");
	agent_free(agent);

	ck_assert_int_eq(none_agent_new(&agent), 0);
	agent->events = &answered_events;
	agent->userdata = &answered;
	ck_assert_int_eq(ask(agent, 2, &request), 0);
	ck_assert_str_eq(answered.text, "deny:once");
	agent_free(agent);

	ck_assert_int_eq(
		answer_agent_new(&agent, "perhaps", &clock_real, &expected),
		-EINVAL);
	ck_assert_ptr_nonnull(expected);
	ck_assert_ptr_null(agent_free(NULL));
	request_finish(&request);
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("script");
	int status;

	if (mkstemp(path) < 0)
		return 1;
	tcase_add_loop_test(tcase, first_match_wins, 0, 9);
	tcase_add_test(tcase, several_accesses);
	tcase_add_test(tcase, several_rights);
	tcase_add_test(tcase, port);
	tcase_add_loop_test(tcase, bad_scripts, 0, 17);
	tcase_add_test(tcase, answer_and_none);
	tcase_add_test(tcase, bounds);
	status = unit_run_case("script", tcase);
	unlink(path);
	return status;
}
