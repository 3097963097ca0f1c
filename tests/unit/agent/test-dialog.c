/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of agent/dialog.h on a screen in memory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask.h"
#include "base/cleanup.h"
#include "paper.h"
#include "unit.h"

static struct event_base *loop;
static struct dialog *dialog;
static struct agent agent;
static struct answered answered;
static struct paper paper;

static int64_t clock_ms = 1000000;

static int64_t read_clock(void)
{
	return clock_ms;
}

static int64_t real_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void setup(void)
{
	loop = event_base_new();
	agent.events = &answered_events;
	agent.userdata = &answered;
	answered = (struct answered){0};
	paper = (struct paper){.rows = 24, .columns = 80};
	ck_assert_int_eq(
		dialog_new(&dialog, loop, &agent, &paper_screen, &paper), 0);
	dialog_set_clock(dialog, read_clock);
}

static void teardown(void)
{
	dialog = dialog_free(dialog);
	event_base_free(loop);
}

static void put(uint64_t id, const char *path)
{
	struct request request = {0};
	const struct question question = {
		.id = id,
		.app = "demo",
		.request = &request,
		.waiting = 1,
	};

	ask_subject(&request);
	ask_path(&request, path, RIGHT_FS_READ_FILE);
	ck_assert_int_eq(dialog_ask(dialog, &question), 0);
	request_finish(&request);
}

static void run_loop(void)
{
	event_base_loop(loop, EVLOOP_NONBLOCK);
}

/* Types bytes that one read gets, some time after those before. */
static void type_after(int64_t ms, const char *bytes)
{
	clock_ms += ms;
	dialog_input(dialog, bytes, strlen(bytes));
	run_loop();
}

/* What somebody does who wants to answer. */
static void press(const char *keys)
{
	type_after(1000, "\035");
	for (; *keys; keys++)
		type_after(50, (const char[]){*keys, '\0'});
}

START_TEST(one_after_another)
{
	put(1, "/one");
	put(2, "/two");
	run_loop();
	ck_assert_ptr_nonnull(strstr(paper.text, "/one"));
	ck_assert_ptr_null(strstr(paper.text, "/two"));
	ck_assert_uint_eq(dialog_count(dialog), 2);
	press("s");
	ck_assert_uint_eq(answered.id, 1);
	ck_assert_str_eq(answered.text, "allow:session");
	ck_assert_ptr_nonnull(strstr(paper.text, "/two"));
	ck_assert(dialog_is_open(dialog));
	press("d");
	ck_assert_uint_eq(answered.id, 2);
	ck_assert_str_eq(answered.text, "deny:once");
	ck_assert(!dialog_is_open(dialog));
	ck_assert_uint_eq(paper.closed, 1);
	ck_assert_uint_eq(answered.count, 2);
}
END_TEST

static const struct {
	struct {
		int64_t ms;
		const char *bytes;
	} reads[8];
	const char *answer;
} sequence_cases[] = {
	{{{1000, "\035"}, {50, "o"}}, "allow:once"},
	{{{999, "\035"}, {50, "o"}}, ""},
	{{{900, "x"}, {900, "\035"}, {50, "o"}}, ""},
	{{{900, "\035"}, {1000, "\035"}, {50, "d"}}, "deny:once"},
	/* A key alone, after whatever pause. */
	{{{5000, "o"}, {5000, "o"}, {9000, "\r"}}, ""},
	{{{5000, "\r"}, {5000, "\033"}, {5000, "\004"}}, ""},
	/* Answers of weight. */
	{{{1000, "\035"}, {50, "a"}}, ""},
	{{{1000, "\035"}, {50, "a"}, {50, "\r"}}, "allow:always"},
	{{{1000, "\035"}, {50, "n"}, {50, "\n"}}, "deny:always"},
	{{{1000, "\035"}, {50, "n"}, {50, "o"}}, ""},
	{{{1000, "\035"}, {50, "a"}, {50, "x"}, {50, "\r"}}, ""},
	{{{1000, "\035"}, {50, "\r"}, {50, "o"}}, ""},
	/* Anything else goes back. */
	{{{1000, "\035"}, {50, "x"}, {50, "o"}}, ""},
	{{{1000, "\035"}, {50, "\033[A"}, {50, "o"}}, ""},
	{{{1000, "\035"}, {20000, "o"}}, ""},
	/* Pasted. */
	{{{1000, "\035o"}}, ""},
	{{{1000, "\035"}, {50, "oo"}}, ""},
	{{{1000, "\035"}, {5, "o"}}, ""},
	{{{1000, "\033[200~\035"}, {50, "o"}, {50, "\033[201~"}}, ""},
	{{{1000, "\033[200~"}, {1500, "\035"}, {50, "o"}}, ""},
	/* Terminals that were asked to report keys. */
	{{{1000, "\033[93;5u"}, {50, "o"}}, "allow:once"},
	{{{1000, "\033[93;69u"}, {50, "\033[111u"}}, "allow:once"},
	{{{1000, "\033[93;5:1u"}, {50, "o"}}, "allow:once"},
	{{{1000, "\033[93;5:3u"}, {50, "o"}}, ""},
	{{{1000, "\033[27;5;93~"}, {50, "o"}}, "allow:once"},
	{{{1000, "\033[93;5u\033[93;5u"}, {50, "o"}}, ""},
	{{{1000, "\033[93;3u"}, {50, "o"}}, ""},
	/* What terminals say by themselves. */
	{{{1000, "\035"}, {50, "\033["}, {50, "12;40R"}, {9, "o"}}, ""},
	{{{1000, "\035"}, {50, "\033[M"}, {50, "o"}, {50, "o"}}, ""},
	{{{1000, "\035"}, {50, "\033]11;rgb:0/"}, {50, "o"}}, ""},
	{{{1000, "\035"}, {50, "\033[I"}, {50, "o"}}, ""},
	/* ^C is at hand at any time, but not in a paste. */
	{{{30, "\003"}}, "deny:once"},
	{{{1000, "\035"}, {50, "a"}, {50, "\003"}}, "deny:once"},
	{{{30, "x"}, {5, "\003"}}, ""},
	{{{30, "xyz\003"}}, ""},
};

/* What answers, and when: each is what one read got after so long. */
START_TEST(sequences)
{
	size_t i;

	ck_assert_uint_eq(sizeof(sequence_cases) / sizeof(sequence_cases[0]),
			  35);
	put(1, "/home/u/one");
	run_loop();
	for (i = 0; sequence_cases[_i].reads[i].bytes; i++)
		type_after(sequence_cases[_i].reads[i].ms,
			   sequence_cases[_i].reads[i].bytes);
	ck_assert_str_eq(answered.text, sequence_cases[_i].answer);
}
END_TEST

/* A question that comes in another's place starts anew. */
START_TEST(another_question)
{
	put(1, "/one");
	put(2, "/two");
	run_loop();
	type_after(2000, "\035");
	dialog_withdraw(dialog, 1);
	run_loop();
	ck_assert_ptr_nonnull(strstr(paper.text, "/two"));
	type_after(50, "o");
	ck_assert_uint_eq(answered.count, 0);
	type_after(999, "\035");
	type_after(50, "o");
	ck_assert_uint_eq(answered.count, 0);
	press("o");
	ck_assert_uint_eq(answered.id, 2);
}
END_TEST

START_TEST(typed_ahead_does_not_answer)
{
	put(1, "/one");
	type_after(5000, "\035"); /* not shown yet */
	ck_assert_uint_eq(paper.dropped, 1);
	type_after(50, "o");
	ck_assert_uint_eq(answered.count, 0);
	press("o");
	ck_assert_uint_eq(answered.count, 1);
}
END_TEST

/* Random numbers that a seed repeats. */
static uint64_t seed;

static unsigned int below(unsigned int count)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned int)(seed >> 33) % count;
}

/* How long somebody takes for the next key, who types at @pace. */
static int64_t gap(unsigned int pace)
{
	/* Mostly near the pace; who thinks, or reads, stops for a while. */
	if (below(12) == 0)
		return 400 + below(6000);
	return pace * (50 + below(100)) / 100;
}

static void type_text(unsigned int pace)
{
	static const char *const words[] = {
		"my password is ok\r",
		"sudo pacman -s\r",
		"a\r",
		"once\r",
		"always\r",
		"yes\r",
		"no\r",
		"d",
		"2a\r",
		"o",
		"+s\r",
		"\t",
		"\033[A",
		"\033OB\r",
		"\177\177",
		"\033",
		":wq\r",
		"\004",
		"\001\005\013\025",
		"\r",
		"pass",
		"\014\022\020\016",
		"?",
		"s\r",
	};
	const char *text = words[below(sizeof(words) / sizeof(words[0]))];

	/* A function key comes in one piece, mostly. */
	if (*text == '\033' && text[1] && below(4)) {
		type_after(gap(pace), text);
		return;
	}
	for (; *text; text++)
		type_after(gap(pace), (const char[]){*text, '\0'});
}

/* Nothing that is typed at any pace answers, 10,000 times. */
START_TEST(typing_never_answers)
{
	seed = (uint64_t)time(NULL) * 2654435761u | 1;
	printf("seed %llu\n", (unsigned long long)seed);
	for (unsigned int i = 0; i < 10000; i++) {
		const unsigned int pace = 40 + below(361);

		put(i, "/home/u/one");
		for (unsigned int word = below(3); word > 0; word--)
			type_text(pace);
		run_loop();
		for (unsigned int word = 0; word < 6; word++)
			type_text(pace);
		ck_assert_msg(answered.count == 0, "answered: %s",
			      answered.text);
		dialog_withdraw(dialog, i);
		run_loop();
		paper.text[0] = '\0';
	}
}
END_TEST

/* Nor does a paste of any length, in pieces of any size. */
START_TEST(paste_does_not_answer)
{
	static char paste[5000];
	size_t length, at, piece;

	seed = (uint64_t)time(NULL) * 2654435761u | 1;
	printf("seed %llu\n", (unsigned long long)seed);
	for (unsigned int i = 0; i < 2000; i++) {
		length = 2 + below(sizeof(paste) - 2);
		for (at = 0; at < length; at++)
			paste[at] = "\035\003oapsdn1234\r\n ?+\033["[below(20)];
		put(i, "/home/u/one");
		run_loop();
		clock_ms += 1000 + below(3000);
		for (at = 0; at < length; at += piece) {
			piece = below(4) ? 4095 : 1 + below(4);
			if (piece > length - at)
				piece = length - at;
			/* The first byte alone cannot be told from a key. */
			if (at == 0 && piece == 1)
				piece = 2;
			dialog_input(dialog, paste + at, piece);
			clock_ms += below(20);
		}
		ck_assert_msg(answered.count == 0, "answered: %s",
			      answered.text);
		dialog_withdraw(dialog, i);
		run_loop();
		paper.text[0] = '\0';
	}
}
END_TEST

START_TEST(withdraw)
{
	put(1, "/one");
	put(2, "/two");
	put(3, "/three");
	run_loop();
	dialog_withdraw(dialog, 2);
	dialog_withdraw(dialog, 77);
	ck_assert_ptr_null(strstr(paper.text, "no longer asked"));
	dialog_withdraw(dialog, 1);
	ck_assert_ptr_nonnull(strstr(paper.text, "no longer asked"));
	clock_ms += 50;
	dialog_input(dialog, "\003", 1); /* the next one is not shown yet */
	ck_assert_uint_eq(answered.count, 0);
	run_loop();
	ck_assert_ptr_nonnull(strstr(paper.text, "/three"));
	dialog_withdraw(dialog, 3);
	run_loop();
	ck_assert_uint_eq(dialog_count(dialog), 0);
	ck_assert_uint_eq(paper.closed, 1);
	ck_assert_uint_eq(answered.count, 0);
}
END_TEST

START_TEST(background)
{
	paper.refuse = -EAGAIN;
	put(1, "/one");
	run_loop();
	type_after(50, "\003");
	ck_assert_uint_eq(answered.count, 0);
	ck_assert_str_eq(paper.text, "");
	/* It is tried again by itself once the terminal is there. */
	paper.refuse = 0;
	while (paper.opened == 0)
		event_base_loop(loop, EVLOOP_ONCE);
	press("o");
	ck_assert_str_eq(answered.text, "allow:once");
	put(2, "/two");
	run_loop();
	dialog_hide(dialog);
	type_after(50, "\003");
	ck_assert_uint_eq(answered.count, 1);
	dialog_show(dialog);
	press("a\r");
	ck_assert_str_eq(answered.text, "allow:always");
}
END_TEST

/* What to press stands on the screen, in any window that can hold it. */
START_TEST(says_what_to_press)
{
	dialog_set_clock(dialog, real_clock);
	put(1, "/home/u/one");
	run_loop();
	ck_assert_ptr_nonnull(strstr(paper.text, "Keys count after"));
	while (!strstr(paper.text, "press Ctrl-]"))
		event_base_loop(loop, EVLOOP_ONCE);
	dialog_input(dialog, "x", 1);
	ck_assert_ptr_nonnull(strstr(paper.text, "Keys count after"));
	while (!strstr(paper.text, "press Ctrl-]"))
		event_base_loop(loop, EVLOOP_ONCE);
	dialog_input(dialog, "\035", 1);
	ck_assert_ptr_nonnull(strstr(paper.text, "Which one?"));
	clock_ms = real_clock() + 1000;
	dialog_set_clock(dialog, read_clock);
	type_after(50, "2");
	ck_assert_ptr_nonnull(strstr(paper.text, "* [2]"));
	type_after(50, "s");
	ck_assert_ptr_nonnull(strstr(paper.text,
				     "Enter: allow for this session, beneath "
				     "/home/u; any other key goes back"));
	type_after(50, "\r");
	ck_assert_str_eq(answered.text, "allow:session:beneath:/home/u");
}
END_TEST

/* A window that is too small takes no answer, until it is larger. */
START_TEST(small_window)
{
	static const struct {
		size_t rows, columns;
		bool enough;
	} sizes[] = {
		{1, 1, false},	{5, 40, false}, {24, 10, false}, {10, 40, true},
		{24, 24, true}, {10, 80, true}, {60, 300, true},
	};

	paper.rows = sizes[_i].rows;
	paper.columns = sizes[_i].columns;
	put(1, "/home/u/one");
	run_loop();
	press("o");
	ck_assert_uint_eq(answered.count, sizes[_i].enough);
	paper.rows = 24;
	paper.columns = 80;
	if (!sizes[_i].enough) {
		ck_assert_ptr_nonnull(strstr(paper.text, "enlarge"));
		dialog_show(dialog);
		press("o");
	}
	ck_assert_str_eq(answered.text, "allow:once");
}
END_TEST

START_TEST(explanation)
{
	char path[3000] = "/";

	memset(path + 1, 'x', sizeof(path) - 2);
	path[sizeof(path) - 1] = '\0';
	put(1, path);
	run_loop();
	press("?");
	/* The first of several pages. */
	ck_assert_ptr_nonnull(strstr(paper.text, "the program waits"));
	ck_assert_ptr_null(strstr(paper.text, "+  makes"));
	for (unsigned int i = 0; !strstr(paper.text, "+  makes"); i++) {
		ck_assert_uint_lt(i, 10);
		type_after(50, "o");
	}
	ck_assert_uint_eq(answered.count, 0);
	type_after(50, "o");
	ck_assert_ptr_nonnull(strstr(paper.text, "Which one?"));
	type_after(50, "o");
	ck_assert_str_eq(answered.text, "allow:once");
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("dialog");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, one_after_another);
	tcase_add_loop_test(tcase, sequences, 0, 35);
	tcase_add_test(tcase, another_question);
	tcase_add_test(tcase, typed_ahead_does_not_answer);
	tcase_add_test(tcase, typing_never_answers);
	tcase_add_test(tcase, paste_does_not_answer);
	tcase_add_test(tcase, withdraw);
	tcase_add_test(tcase, background);
	tcase_add_test(tcase, says_what_to_press);
	tcase_add_loop_test(tcase, small_window, 0, 7);
	tcase_add_test(tcase, explanation);
	tcase_set_timeout(tcase, 60);
	return unit_run_case("dialog", tcase);
}
