/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of agent/dialog.h on a screen in memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/dialog.h"
#include "ask.h"
#include "base/cleanup.h"
#include "unit.h"

/* A screen that keeps what is written. */
struct paper {
	char text[16384];
	unsigned int opened, closed, dropped;
	int refuse; /* what open returns */
};

static int paper_open(void *userdata)
{
	struct paper *const paper = userdata;

	if (paper->refuse)
		return paper->refuse;
	paper->opened++;
	return 0;
}

static void paper_write(void *userdata, const char *text)
{
	struct paper *const paper = userdata;

	ck_assert_uint_lt(strlen(paper->text) + strlen(text),
			  sizeof(paper->text));
	strcat(paper->text, text);
}

static void paper_drop_input(void *userdata)
{
	((struct paper *)userdata)->dropped++;
}

static void paper_close(void *userdata)
{
	((struct paper *)userdata)->closed++;
}

static const struct dialog_screen paper_screen = {
	.open = paper_open,
	.write = paper_write,
	.drop_input = paper_drop_input,
	.close = paper_close,
};

static struct event_base *loop;
static struct dialog *dialog;
static struct agent agent;
static struct answered answered;
static struct paper paper;

static void setup(void)
{
	loop = event_base_new();
	agent.events = &answered_events;
	agent.userdata = &answered;
	answered = (struct answered){0};
	paper = (struct paper){0};
	ck_assert_int_eq(
		dialog_new(&dialog, loop, &agent, &paper_screen, &paper), 0);
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

/* Presses a key until it is taken: the first moments of a question are deaf. */
static void press(char key)
{
	const unsigned int before = answered.count;

	while (answered.count == before)
		dialog_input(dialog, &key, 1);
	run_loop();
}

START_TEST(test_one_after_another)
{
	put(1, "/one");
	put(2, "/two");
	run_loop();
	ck_assert_ptr_nonnull(strstr(paper.text, "/one"));
	ck_assert_ptr_null(strstr(paper.text, "/two"));
	ck_assert_uint_eq(dialog_count(dialog), 2);
	press('s');
	ck_assert_uint_eq(answered.id, 1);
	ck_assert_str_eq(answered.text, "allow:session");
	ck_assert_ptr_nonnull(strstr(paper.text, "/two"));
	ck_assert(dialog_is_open(dialog));
	press('d');
	ck_assert_uint_eq(answered.id, 2);
	ck_assert_str_eq(answered.text, "deny:once");
	ck_assert(!dialog_is_open(dialog));
	ck_assert_uint_eq(paper.closed, 1);
	ck_assert_uint_eq(answered.count, 2);
}
END_TEST

START_TEST(test_typed_ahead_does_not_answer)
{
	struct timespec before, now;

	put(1, "/one");
	dialog_input(dialog, "o", 1); /* not shown yet */
	run_loop();
	clock_gettime(CLOCK_BOOTTIME, &before);
	dialog_input(dialog, "o", 1); /* too soon */
	ck_assert_uint_eq(answered.count, 0);
	ck_assert_uint_eq(paper.dropped, 1);
	press('o');
	clock_gettime(CLOCK_BOOTTIME, &now);
	ck_assert_int_ge((now.tv_sec - before.tv_sec) * 1000 +
				 (now.tv_nsec - before.tv_nsec) / 1000000,
			 250);
}
END_TEST

START_TEST(test_paste_does_not_answer)
{
	put(1, "/one");
	run_loop();
	press('\003'); /* ^C need not wait */
	ck_assert_str_eq(answered.text, "deny:once");
	put(2, "/two");
	run_loop();
	while (!strstr(paper.text, "The program waits"))
		dialog_input(dialog, "?", 1);
	dialog_input(dialog, "oo", 2);
	dialog_input(dialog, "\033[A", 3);
	ck_assert_uint_eq(answered.count, 1);
	dialog_input(dialog, "o", 1);
	ck_assert_uint_eq(answered.count, 2);
}
END_TEST

START_TEST(test_withdraw)
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

START_TEST(test_background)
{
	paper.refuse = -EAGAIN;
	put(1, "/one");
	run_loop();
	dialog_input(dialog, "\003", 1);
	ck_assert_uint_eq(answered.count, 0);
	ck_assert_str_eq(paper.text, "");
	/* It is tried again by itself once the terminal is there. */
	paper.refuse = 0;
	while (paper.opened == 0)
		event_base_loop(loop, EVLOOP_ONCE);
	press('o');
	ck_assert_str_eq(answered.text, "allow:once");
	put(2, "/two");
	run_loop();
	dialog_hide(dialog);
	dialog_input(dialog, "\003", 1);
	ck_assert_uint_eq(answered.count, 1);
	dialog_show(dialog);
	press('a');
	ck_assert_str_eq(answered.text, "allow:always");
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("dialog");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_one_after_another);
	tcase_add_test(tcase, test_typed_ahead_does_not_answer);
	tcase_add_test(tcase, test_paste_does_not_answer);
	tcase_add_test(tcase, test_withdraw);
	tcase_add_test(tcase, test_background);
	tcase_set_timeout(tcase, 20);
	return unit_run_case("dialog", tcase);
}
