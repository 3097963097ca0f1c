/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of agent/prompt.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/prompt.h"
#include "ask.h"
#include "base/cleanup.h"
#include "unit.h"

static struct prompt *make(const struct request *request, const char *project,
			   const char *home)
{
	const struct question question = {
		.id = 5,
		.app = "demo",
		.supervisor = "landlord",
		.request = request,
		.waiting = 3,
		.deadline = 61000,
	};
	const struct prompt_places places = {
		.project = project,
		.home = home,
	};
	struct prompt *prompt;

	ck_assert_int_eq(prompt_new(&prompt, &question, &places), 0);
	return prompt;
}

static void assert_says(char *text, const char *expected, bool wanted)
{
	ck_assert_ptr_nonnull(text);
	ck_assert_msg((strstr(text, expected) != NULL) == wanted,
		      "%s\"%s\" in: %s", wanted ? "no " : "", expected, text);
	free(text);
}

/* What a key sequence decides. */
static void assert_decides(const struct request *request, const char *keys,
			   const char *answer)
{
	struct prompt *const prompt = make(request, "/home/u/p", "/home/u");
	struct answered answered = {0};
	struct decision decision;

	for (; *keys; keys++) {
		if (prompt_key(prompt, *keys, &decision) != PROMPT_DECIDED)
			continue;
		answered_events.decide(&answered, 5, &decision);
		ck_assert_str_eq(decision.agent, "terminal");
		decision_finish(&decision);
		break;
	}
	ck_assert_str_eq(answered.text, answer);
	prompt_free(prompt);
}

START_TEST(test_keys)
{
	static const struct {
		const char *keys, *answer;
	} cases[] = {
		{"o", "allow:once"},
		{"p", "allow:process"},
		{"s", "allow:session"},
		{"a", "allow:always"},
		{"d", "deny:once"},
		{"n", "deny:always"},
		{"\r", "deny:once"},
		{"\n", "deny:once"},
		{"\033", "deny:once"},
		{"\003", "deny:once"},
		{"\004", "deny:once"},
		{"y", ""},
		{"A", ""},
		{" ", ""},
		{"\x80", ""},
		{"2s", "allow:session:beneath:/home/u/p/src"},
		{"3a", "allow:always:beneath:/home/u/p"},
		{"4n", "deny:always:beneath:/home/u"},
		{"4p", "allow:process:beneath:/home/u"},
		{"41s", "allow:session"},
		{"5s", "allow:session"},
		{"0s", "allow:session"},
		/* Once is about this request, whatever the scope. */
		{"4o", "allow:once"},
		{"?s", "allow:session"},
	};
	struct request request = {0};

	ask_subject(&request);
	ask_path(&request, "/home/u/p/src/a.c", RIGHT_FS_READ_FILE);
	assert_decides(&request, cases[_i].keys, cases[_i].answer);
	request_finish(&request);
}
END_TEST

START_TEST(test_says_who_what_why)
{
	struct request request = {0};
	struct prompt *prompt;

	ask_subject(&request);
	ask_path(&request, "/home/u/notes", RIGHT_FS_READ_FILE);
	prompt = make(&request, NULL, "/home/u");
	assert_says(prompt_text(prompt, 2, 1000), "/home/u/notes", true);
	assert_says(prompt_text(prompt, 2, 1000), "read", true);
	assert_says(prompt_text(prompt, 2, 1000), "/usr/bin/cat (100)", true);
	assert_says(prompt_text(prompt, 2, 1000), "/usr/bin/bash (99)", true);
	assert_says(prompt_text(prompt, 2, 1000), "fs.read_file", true);
	assert_says(prompt_text(prompt, 2, 1000), "3 requests wait", true);
	assert_says(prompt_text(prompt, 2, 1000), "2 more questions", true);
	assert_says(prompt_text(prompt, 1, 1000), "1 more question after",
		    true);
	assert_says(prompt_text(prompt, 0, 1000), "more question", false);
	assert_says(prompt_text(prompt, 0, 1000), "in 60 s", true);
	assert_says(prompt_choices(prompt), "(the home directory)", true);
	assert_says(prompt_choices(prompt), "[3]", false);
	assert_says(prompt_explanation(prompt), "process 100", true);
	prompt_free(prompt);
	ck_assert_ptr_null(prompt_free(NULL));
	request_finish(&request);
}
END_TEST

/* Nothing that the program chose reaches the terminal as it is. */
START_TEST(test_escapes)
{
	static const char evil[] = "\033[2Jx\n\r\xe2\x80\xae\x9b";
	struct request request = {0};
	char path[sizeof(evil) + 1] = "/";
	struct prompt *prompt;
	char *text;
	size_t i;

	ask_subject(&request);
	strcat(path, evil);
	ask_path(&request, path, RIGHT_FS_READ_FILE);
	free(request.subject.comm);
	free(request.subject.exe);
	free(request.subject.ancestors[0].exe);
	request.subject.comm = strdup(evil);
	request.subject.exe = strdup(evil);
	request.subject.ancestors[0].exe = strdup(evil);
	prompt = make(&request, NULL, NULL);
	for (i = 0; i < 3; i++) {
		const char *byte;

		text = i == 0	? prompt_text(prompt, 0, 0)
		       : i == 1 ? prompt_choices(prompt)
				: prompt_explanation(prompt);
		for (byte = text; *byte; byte++)
			ck_assert_msg(*byte == '\n' ||
					      (*byte >= 0x20 && *byte < 0x7f),
				      "byte %#x", (unsigned char)*byte);
		free(text);
	}
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

/* A path of 4 KiB and a chain of long names leave the question in sight. */
START_TEST(test_is_bounded)
{
	struct request request = {0};
	char path[4001];
	struct prompt *prompt;
	char *text;

	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	ask_subject(&request);
	ask_path(&request, path, RIGHT_FS_READ_FILE);
	free(request.subject.comm);
	request.subject.comm = strdup(path);
	prompt = make(&request, NULL, NULL);
	text = prompt_text(prompt, 0, 0);
	ck_assert_uint_lt(strlen(text), 1000);
	free(text);
	/* The explanation has it whole. */
	assert_says(prompt_explanation(prompt), path, true);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

START_TEST(test_scopes)
{
	static const struct {
		const char *a, *b, *scope; /* b NULL: one access */
	} cases[] = {
		{"/home/u/x/a", "/home/u/x/b", "/home/u/x"},
		{"/home/u/x/a", "/home/u/y/b", "/home/u"},
		{"/home/u/xy/a", "/home/u/x/b", "/home/u"},
		{"/etc/a", "/usr/b", NULL},
		{"/a", NULL, NULL},
		{"/etc/shadow", NULL, "/etc"},
	};
	_cleanup_free_ char *line = NULL;
	struct request request = {0};
	struct prompt *prompt;
	char *choices;

	ask_subject(&request);
	ask_path(&request, cases[_i].a, RIGHT_FS_MAKE_REG);
	if (cases[_i].b)
		ask_path(&request, cases[_i].b, RIGHT_FS_REMOVE_FILE);
	prompt = make(&request, NULL, NULL);
	choices = prompt_choices(prompt);
	if (cases[_i].scope) {
		ck_assert_int_gt(asprintf(&line, "[2] everything beneath %s\n",
					  cases[_i].scope),
				 0);
		assert_says(choices, line, true);
	} else {
		assert_says(choices, "beneath", false);
	}
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

/* More rights than are missing, of a directory that was chosen only. */
START_TEST(test_breadth)
{
	static const rights_t everything =
		RIGHTS_READ | RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE;
	static const struct {
		rights_t missing;
		const char *keys;
		rights_t rights;
	} cases[] = {
		{RIGHT_FS_READ_DIR, "2+s", RIGHTS_READ},
		{RIGHT_FS_MAKE_REG, "2+s", everything},
		{RIGHT_FS_READ_FILE | RIGHT_FS_MAKE_DIR, "2+a", everything},
		{RIGHT_FS_MAKE_REG, "+2s", 0},
		{RIGHT_FS_MAKE_REG, "2++s", 0},
		{RIGHT_FS_MAKE_REG, "2+1s", 0},
		{RIGHT_FS_MAKE_REG, "2+o", 0},
		{RIGHTS_READ, "2+s", 0},
		{RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE, "2+s", 0},
		{RIGHT_FS_IOCTL_DEV, "2+s", 0},
	};
	struct request request = {0};
	struct decision decision = {0};
	struct prompt *prompt;
	const char *key = cases[_i].keys;

	ask_subject(&request);
	ask_path(&request, "/home/u/p/a", cases[_i].missing);
	prompt = make(&request, "/home/u/p", "/home/u");
	while (prompt_key(prompt, *key, &decision) != PROMPT_DECIDED)
		key++;
	ck_assert_uint_eq(decision.rights, cases[_i].rights);
	assert_says(prompt_answer(prompt, &decision), ", to read",
		    cases[_i].rights);
	decision_finish(&decision);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

START_TEST(test_port)
{
	struct request request = {0};
	struct prompt *prompt;

	ask_subject(&request);
	ask_port(&request, 443, RIGHT_NET_CONNECT_TCP);
	strcpy(request.accesses[0].object.address, "192.0.2.1\033[2J");
	prompt = make(&request, "/home/u/p", "/home/u");
	assert_says(prompt_text(prompt, 0, 0), "port 443 of 192.0.2.1\\x1b",
		    true);
	assert_says(prompt_choices(prompt), "beneath", false);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("prompt");

	tcase_add_loop_test(tcase, test_keys, 0, 24);
	tcase_add_test(tcase, test_says_who_what_why);
	tcase_add_test(tcase, test_escapes);
	tcase_add_test(tcase, test_is_bounded);
	tcase_add_loop_test(tcase, test_scopes, 0, 6);
	tcase_add_loop_test(tcase, test_breadth, 0, 10);
	tcase_add_test(tcase, test_port);
	return unit_run_case("prompt", tcase);
}
