/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of agent/prompt.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/prompt.h"
#include "ask.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "unit.h"

#define KEYS_CASES 26

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

/* The question in a window; NULL when it does not fit. */
static char *page_with(const struct prompt *prompt, size_t rows, size_t columns,
		       size_t more, int64_t now)
{
	const struct prompt_window window = {
		.rows = rows, .columns = columns, .more = more, .now = now};
	char *text = NULL;
	const int error = prompt_page(prompt, &window, PROMPT_READY, &text);

	ck_assert(error == 0 || error == -ENOSPC);
	return text;
}

static char *page(const struct prompt *prompt, size_t rows, size_t columns)
{
	return page_with(prompt, rows, columns, 0, 0);
}

/* What a key sequence decides; "\r" confirms. */
static void assert_decides(const struct request *request, const char *keys,
			   const char *answer)
{
	struct prompt *const prompt = make(request, "/home/u/p", "/home/u");
	struct answered answered = {0};
	enum prompt_reaction reaction = PROMPT_IGNORED;
	struct decision decision;

	for (; *keys; keys++) {
		if (reaction == PROMPT_CONFIRM && *keys == '\r') {
			ck_assert_int_eq(prompt_confirm(prompt, &decision), 0);
			reaction = PROMPT_DECIDED;
		} else {
			reaction = prompt_key(prompt, *keys, &decision);
		}
		if (reaction != PROMPT_DECIDED)
			continue;
		answered_events.decide(&answered, 5, &decision);
		ck_assert_str_eq(decision.agent, "terminal");
		decision_finish(&decision);
		break;
	}
	ck_assert_str_eq(answered.text, answer);
	prompt_free(prompt);
}

START_TEST(keys_answer)
{
	static const struct {
		const char *keys, *answer;
	} cases[] = {
		{"o", "allow:once"},
		{"p", "allow:process"},
		{"s", "allow:session"},
		{"a", ""},
		{"a\r", "allow:always"},
		{"d", "deny:once"},
		{"n", ""},
		{"n\r", "deny:always"},
		{"\r", ""},
		{"\n", ""},
		{"\033", ""},
		{"\004", ""},
		{"y", ""},
		{"A", ""},
		{" ", ""},
		{"\x80", ""},
		{"2s", ""},
		{"2s\r", "allow:session:beneath:/home/u/p/src"},
		{"3a\r", "allow:always:beneath:/home/u/p"},
		{"4n\r", "deny:always:beneath:/home/u"},
		{"4p\r", "allow:process:beneath:/home/u"},
		{"41s", "allow:session"},
		{"5s", "allow:session"},
		{"0s", "allow:session"},
		/* Once is about this request, whatever the scope. */
		{"4o", "allow:once"},
		{"?s", "allow:session"},
	};
	struct request request = {0};

	ck_assert_uint_eq(sizeof(cases) / sizeof(cases[0]), KEYS_CASES);
	ask_subject(&request);
	ask_path(&request, "/home/u/p/src/a.c", RIGHT_FS_READ_FILE);
	assert_decides(&request, cases[_i].keys, cases[_i].answer);
	request_finish(&request);
}
END_TEST

START_TEST(says_who_what_why)
{
	struct request request = {0};
	struct prompt *prompt;
	static const char *const said[] = {
		"-- Landlord --\n| cat wants to\n|   read  /home/u/notes\n",
		"| by /usr/bin/cat (100), started by /usr/bin/bash (99)\n",
		"| because openat needs fs.read_file, which no rule of demo ",
		"| 3 requests wait for this answer\n",
		"| 2 more questions after this one\n",
		"| denied once if not answered in 60 s\n",
		"(the home directory)",
	};
	size_t i;

	ask_subject(&request);
	ask_path(&request, "/home/u/notes", RIGHT_FS_READ_FILE);
	prompt = make(&request, NULL, "/home/u");
	for (i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		assert_says(page_with(prompt, 24, 80, 2, 1000), said[i], true);
	assert_says(page_with(prompt, 24, 80, 1, 1000), "1 more question after",
		    true);
	assert_says(page(prompt, 24, 80), "more question", false);
	assert_says(page(prompt, 24, 80), "[3]", false);
	assert_says(prompt_explanation(prompt, 80), "process 100", true);
	prompt_free(prompt);
	ck_assert_ptr_null(prompt_free(NULL));
	request_finish(&request);
}
END_TEST

/* That it would write says too little. */
START_TEST(says_what_is_changed)
{
	static const struct {
		const char *operation, *said;
	} cases[] = {
		{"fchmodat2", "fs.write_file to change the mode, which"},
		{"lchown", "fs.write_file to change the owner, which"},
		{"utimensat", "fs.write_file to change the times, which"},
		{"fsetxattr", "to change extended attributes, which"},
		{"file_setattr", "fs.write_file to change the flags, which"},
		{"openat", "fs.write_file, which"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request request = {0};
		struct prompt *prompt;

		ask_subject(&request);
		ask_path(&request, "/home/u/notes", RIGHT_FS_WRITE_FILE);
		free(request.operation);
		request.operation = strdup(cases[i].operation);
		prompt = make(&request, NULL, "/home/u");
		assert_says(page_with(prompt, 24, 120, 2, 1000), cases[i].said,
			    true);
		prompt_free(prompt);
		request_finish(&request);
	}
}
END_TEST

/* Names that try to leave their place. */
static const char *const evils[] = {
	"\033[2Jx\n\r\xe2\x80\xae\x9b",
	"\xc2\x9b"
	"2J\xc2\x9d"
	"0;x\xc2\x9c",
	"x                                                                   "
	"           | by /usr/bin/git (1)",
	"x\" [3 left out] \"y",
	"-- Landlord --",
	"| allow [o]nce",
	"  |> x ",
	"e\xcc\x81\xcc\x81\xcc\x81 o\xe2\x83\xa3",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
	"\xd7\x90\xd7\x91\xd9\x85",
	"\xef\xbd\x9c \xef\xbc\xbb\xef\xbd\x8f\xef\xbc\xbd",
	"\xc2\xa6 x",
	"\xc7\x80 x",
	"\xe2\x94\x82 x",
	"\xef\xb7\xbd",
	"\xe3\x80\x80x\xc2\xa0y\xe2\x80\x83z",
	"\x7f\x01\x02\t",
	"",
};

static void set(char **ret, const char *text)
{
	free(*ret);
	*ret = strdup(text);
}

/* Every line has a mark of ours, is within the window, and is plain. */
static void check_lines(const char *text, size_t columns)
{
	while (*text) {
		const size_t length = strcspn(text, "\n");
		size_t wide = 0;

		ck_assert_msg(strncmp(text, "-- ", 3) == 0 ||
				      strncmp(text, "| ", 2) == 0 ||
				      strncmp(text, "|> ", 3) == 0,
			      "unmarked: %s", text);
		for (size_t i = 0; i < length; i++) {
			const unsigned char byte = (unsigned char)text[i];

			ck_assert_msg(byte >= 0x20 && byte != 0x7f, "byte %#x",
				      byte);
			/* Only letters are not ASCII here: two columns each. */
			wide += byte < 0x80 ? 1 : byte >= 0xc0 ? 2 : 0;
		}
		ck_assert_msg(wide < columns, "%zu columns: %s", wide, text);
		text += length;
		ck_assert_int_eq(*text, '\n');
		text++;
	}
}

static size_t count(const char *text, const char *part)
{
	size_t number = 0;

	for (; (text = strstr(text, part)); text++)
		number++;
	return number;
}

/* Nothing that the program chose reaches the terminal as it is, or looks like
 * more of a question than there is. */
START_TEST(names)
{
	static const size_t widths[] = {16, 24, 40, 80, 132};
	struct request request = {0};
	char path[256] = "/";
	struct prompt *prompt;
	char *text;
	size_t i;

	setenv("LC_ALL", "C.UTF-8", 1);
	ask_subject(&request);
	strcat(path, evils[_i]);
	ask_path(&request, path, RIGHT_FS_READ_FILE);
	set(&request.subject.comm, evils[_i]);
	set(&request.subject.exe, evils[_i]);
	set(&request.subject.ancestors[0].exe, evils[_i]);
	prompt = make(&request, NULL, NULL);
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		text = page(prompt, 1000, widths[i]);
		ck_assert_ptr_nonnull(text);
		check_lines(text, widths[i]);
		ck_assert_uint_eq(count(text, "\n-- "), 0);
		ck_assert_uint_eq(count(text, "\n| by "), 1);
		free(text);
		text = prompt_explanation(prompt, widths[i]);
		check_lines(text, widths[i]);
		free(text);
	}
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

/* What is read well is shown as it is, where the terminal knows it. */
START_TEST(letters)
{
	static const char path[] = "/home/u/Gr\xc3\xb6\xc3\x9f"
				   "e/"
				   "\xe6\x97\xa5\xe6\x9c\xac/"
				   "\xd0\xbc\xd0\xb8\xd1\x80";
	struct request request = {0};
	struct prompt *prompt;

	ask_subject(&request);
	ask_path(&request, path, RIGHT_FS_READ_FILE);
	prompt = make(&request, NULL, NULL);
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_says(page(prompt, 24, 80), path, true);
	setenv("LC_ALL", "C", 1);
	assert_says(page(prompt, 24, 80), "Gr\\u{00F6}\\u{00DF}e", true);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

/* A path of 4 KiB and a chain of long names leave the question in sight. */
START_TEST(is_bounded)
{
	struct request request = {0};
	char path[4001];
	_cleanup_free_ char *whole = NULL;
	struct prompt *prompt;
	char *text, *from, *to;

	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	ask_subject(&request);
	ask_path(&request, path, RIGHT_FS_READ_FILE);
	set(&request.subject.comm, path);
	prompt = make(&request, NULL, NULL);
	text = page(prompt, 24, 80);
	ck_assert_ptr_nonnull(text);
	check_lines(text, 80);
	ck_assert_uint_lt(count(text, "\n"), 24);
	ck_assert_ptr_nonnull(strstr(text, "\" ["));
	ck_assert_ptr_nonnull(strstr(text, " left out] \""));
	free(text);
	/* The explanation has it whole, once the folds are taken out. */
	whole = prompt_explanation(prompt, 80);
	for (from = to = whole; *from; from++) {
		if (strncmp(from, "\n|> ", 4) == 0)
			from += 3;
		else
			*to++ = *from;
	}
	*to = '\0';
	ck_assert_ptr_nonnull(strstr(whole, path));
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

START_TEST(windows)
{
	static const struct {
		size_t rows, columns;
		bool enough;
	} cases[] = {
		{24, 80, true}, {12, 60, true}, {10, 40, true},	 {25, 24, true},
		{5, 80, false}, {1, 1, false},	{24, 15, false},
	};
	struct request request = {0};
	struct prompt *prompt;
	char *text;

	ask_subject(&request);
	ask_path(&request, "/home/u/p/src/a.c", RIGHT_FS_READ_FILE);
	prompt = make(&request, "/home/u/p", "/home/u");
	text = page(prompt, cases[_i].rows, cases[_i].columns);
	ck_assert_int_eq(text != NULL, cases[_i].enough);
	if (text) {
		check_lines(text, cases[_i].columns);
		ck_assert_uint_lt(count(text, "\n"), cases[_i].rows);
		ck_assert_ptr_nonnull(strstr(text, "Ctrl-]"));
		ck_assert_ptr_nonnull(strstr(text, "[o]nce"));
	}
	free(text);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

START_TEST(scopes)
{
	static const struct {
		const char *a, *b, *scope; /* b NULL: one access */
	} cases[] = {
		{"/home/u/x/a", "/home/u/x/b", "/home/u/x"},
		{"/home/u/x/a", "/home/u/y/b", "/home/u"},
		{"/home/u/xy/a", "/home/u/x/b", "/home/u"},
		{"/etc/a", "/usr/b", NULL},
		{"/a", NULL, NULL},
		{"/etc/hosts", NULL, "/etc"},
		{"/etc/shadow", NULL, NULL},
	};
	_cleanup_free_ char *line = NULL;
	struct request request = {0};
	struct prompt *prompt;

	ask_subject(&request);
	ask_path(&request, cases[_i].a, RIGHT_FS_MAKE_REG);
	if (cases[_i].b)
		ask_path(&request, cases[_i].b, RIGHT_FS_REMOVE_FILE);
	prompt = make(&request, NULL, NULL);
	if (cases[_i].scope) {
		ck_assert_int_gt(asprintf(&line, "[2] everything beneath %s\n",
					  cases[_i].scope),
				 0);
		assert_says(page(prompt, 24, 80), line, true);
	} else {
		assert_says(page(prompt, 24, 80), "beneath", false);
	}
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

/* More rights than are missing, of a directory that was chosen only. */
START_TEST(breadth)
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
	enum prompt_reaction reaction;
	struct prompt *prompt;
	const char *key = cases[_i].keys;

	ask_subject(&request);
	ask_path(&request, "/home/u/p/a", cases[_i].missing);
	prompt = make(&request, "/home/u/p", "/home/u");
	do {
		reaction = prompt_key(prompt, *key++, &decision);
	} while (reaction != PROMPT_DECIDED && reaction != PROMPT_CONFIRM);
	if (reaction == PROMPT_CONFIRM)
		ck_assert_int_eq(prompt_confirm(prompt, &decision), 0);
	ck_assert_uint_eq(decision.rights, cases[_i].rights);
	assert_says(prompt_answer(prompt, &decision, 80), ", to read",
		    cases[_i].rights);
	decision_finish(&decision);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

START_TEST(port)
{
	struct request request = {0};
	struct prompt *prompt;

	ask_subject(&request);
	ask_port(&request, 443, RIGHT_NET_CONNECT_TCP);
	strcpy(request.accesses[0].object.address, "192.0.2.1\033[2J");
	prompt = make(&request, "/home/u/p", "/home/u");
	assert_says(page(prompt, 24, 80), "port 443 of \"192.0.2.1\\x1b[2J\"",
		    true);
	assert_says(page(prompt, 24, 80), "beneath", false);
	assert_says(page(prompt, 24, 80), "of every address", false);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

/* What the answer covers is to be seen: the address, or all of them. */
START_TEST(port_of_an_address)
{
	struct request request = {0};
	struct decision decision = {0};
	struct prompt *prompt;

	ask_subject(&request);
	ask_port(&request, 443, RIGHT_NET_CONNECT_TCP);
	strcpy(request.accesses[0].object.address, "192.0.2.1");
	network_parse("192.0.2.1", &request.accesses[0].object.network);
	prompt = make(&request, "/home/u/p", "/home/u");
	assert_says(page(prompt, 24, 80), "* [1] only this", true);
	assert_says(page(prompt, 24, 80), "  [2] this port of every address",
		    true);
	ck_assert_int_eq(prompt_key(prompt, '2', &decision), PROMPT_SCOPE);
	assert_says(page(prompt, 24, 80), "* [2] this port of every address",
		    true);
	ck_assert_int_eq(prompt_key(prompt, 's', &decision), PROMPT_CONFIRM);
	ck_assert_int_eq(prompt_confirm(prompt, &decision), 0);
	ck_assert(decision.port_alone);
	assert_says(prompt_answer(prompt, &decision, 80), ", of every address",
		    true);
	decision_finish(&decision);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

static size_t lines_of(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* Who wants it short gets that in any window, with all names and keys. */
static struct prompt *make_limited(const struct request *request,
				   int64_t kept_most, bool is_terse)
{
	const struct question question = {
		.app = "demo",
		.supervisor = "landlord",
		.request = request,
		.kept_most = kept_most,
		.terse = is_terse,
	};
	static const struct prompt_places places;
	struct prompt *prompt;

	ck_assert_int_eq(prompt_new(&prompt, &question, &places), 0);
	return prompt;
}

/* What the policy does not let be kept is not offered. */
START_TEST(kept_for_no_longer)
{
	static const struct {
		int64_t seconds;
		const char *says;
	} cases[] = {
		{30 * 86400, "[a]s long as can be: 30 days"},
		{86400, "[a]s long as can be: 1 day"},
		{5400, "[a]s long as can be: 90 minutes"},
		{7, "[a]s long as can be: 7 seconds"},
	};
	struct request request = {0};
	struct decision decision;
	struct prompt *prompt;

	ask_subject(&request);
	ask_path(&request, "/home/u/p/x", RIGHT_FS_READ_FILE);
	prompt = make_limited(&request, -1, false);
	assert_says(page(prompt, 30, 80), "[a]", false);
	assert_says(page(prompt, 30, 80), "[n]ever", true);
	assert_says(prompt_explanation(prompt, 80), "a  allow it", false);
	ck_assert_int_eq(prompt_key(prompt, 'a', &decision), PROMPT_IGNORED);
	ck_assert_int_eq(prompt_key(prompt, 'n', &decision), PROMPT_CONFIRM);
	prompt_free(prompt);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const int64_t before = clock_wall(&clock_real);

		prompt = make_limited(&request, cases[i].seconds, false);
		assert_says(page(prompt, 30, 80), cases[i].says, true);
		assert_says(page(prompt, 30, 80), "[a]lways", false);
		ck_assert_int_eq(prompt_key(prompt, 'a', &decision),
				 PROMPT_CONFIRM);
		ck_assert_int_eq(prompt_confirm(prompt, &decision), 0);
		ck_assert_int_eq(decision.lifetime, LIFETIME_UNTIL);
		ck_assert_int_ge(decision.until, before + cases[i].seconds);
		ck_assert_int_le(decision.until,
				 clock_wall(&clock_real) + cases[i].seconds);
		decision_finish(&decision);
		/* A refusal may be for good. */
		ck_assert_int_eq(prompt_key(prompt, 'n', &decision),
				 PROMPT_CONFIRM);
		ck_assert_int_eq(prompt_confirm(prompt, &decision), 0);
		ck_assert_int_eq(decision.lifetime, LIFETIME_ALWAYS);
		decision_finish(&decision);
		prompt_free(prompt);
	}
	request_finish(&request);
}
END_TEST

/* The policy wants little to be said, however large the window is. */
START_TEST(terse_by_policy)
{
	struct request request = {0};
	struct prompt *prompt;

	ask_subject(&request);
	ask_path(&request, "/home/u/p/x", RIGHT_FS_READ_FILE);
	prompt = make_limited(&request, 0, true);
	assert_says(page(prompt, 30, 80), "because", false);
	assert_says(page(prompt, 30, 80), "[o]nce", true);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

START_TEST(terse)
{
	struct prompt_window window = {.rows = 24, .columns = 80};
	struct request request = {0};
	struct prompt *prompt;
	char *whole, *brief;

	ask_subject(&request);
	ask_path(&request, "/home/u/p/src/file", RIGHT_FS_READ_FILE);
	prompt = make(&request, "/home/u/p", "/home/u");
	ck_assert_int_eq(prompt_page(prompt, &window, PROMPT_READY, &whole), 0);
	window.terse = true;
	ck_assert_int_eq(prompt_page(prompt, &window, PROMPT_READY, &brief), 0);
	ck_assert_uint_lt(lines_of(brief), lines_of(whole));
	ck_assert_uint_lt(lines_of(brief), 10);
	ck_assert_ptr_nonnull(strstr(brief, "/home/u/p/src/file"));
	ck_assert_ptr_nonnull(strstr(brief, "Ctrl-]"));
	free(whole);
	free(brief);
	window.columns = 40;
	window.rows = 10;
	ck_assert_int_eq(prompt_page(prompt, &window, PROMPT_READY, &brief), 0);
	free(brief);
	prompt_free(prompt);
	request_finish(&request);
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("prompt");

	tcase_add_loop_test(tcase, keys_answer, 0, KEYS_CASES);
	tcase_add_test(tcase, says_who_what_why);
	tcase_add_test(tcase, says_what_is_changed);
	tcase_add_loop_test(tcase, names, 0, sizeof(evils) / sizeof(evils[0]));
	tcase_add_test(tcase, letters);
	tcase_add_loop_test(tcase, windows, 0, 7);
	tcase_add_test(tcase, is_bounded);
	tcase_add_loop_test(tcase, scopes, 0, 7);
	tcase_add_loop_test(tcase, breadth, 0, 10);
	tcase_add_test(tcase, port);
	tcase_add_test(tcase, port_of_an_address);
	tcase_add_test(tcase, terse);
	tcase_add_test(tcase, terse_by_policy);
	tcase_add_test(tcase, kept_for_no_longer);
	return unit_run_case("prompt", tcase);
}
