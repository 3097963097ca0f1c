/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of agent/screen.h. */
#include <stdlib.h>
#include <string.h>

#include "agent/screen.h"
#include "unit.h"

static const struct {
	const char *bytes;
	bool alternate, altered, midline, hidden;
} cases[] = {
	{"", false, false, false, false},
	{"hello\n", false, false, false, false},
	{"hello\r\n$ ", false, false, true, false},
	{"\033[?1049h", true, false, false, false},
	{"\033[?1049h\033[?1049l", false, false, false, false},
	{"\033[?25;1049h", true, false, false, false},
	{"\033[?25l", false, false, false, true},
	{"\033[?25l\033[?25h", false, false, false, false},
	{"\033[1;2r", false, true, false, false},
	{"\033[?6h", false, true, false, false},
	{"\033]10;#000000\a", false, true, false, false},
	{"\033]4;1;#000000\033\\", false, true, false, false},
	{"\033]0;title\a", false, false, false, false},
	{"\033[31mred\033[0m\n", false, false, false, false},
	{"\033[?1049h\033c", false, false, false, false},
	{"\033[1;1H\033[10", false, false, false, false},
	{"\033[?10\03049h", false, false, true, false},
};

START_TEST(test_follow)
{
	struct screen whole = {0}, single = {0};
	const char *const bytes = cases[_i].bytes;
	size_t i;

	screen_follow(&whole, bytes, strlen(bytes));
	for (i = 0; i < strlen(bytes); i++)
		screen_follow(&single, bytes + i, 1);
	ck_assert_int_eq(whole.alternate, cases[_i].alternate);
	ck_assert_int_eq(whole.altered, cases[_i].altered);
	ck_assert_int_eq(whole.midline, cases[_i].midline);
	ck_assert_int_eq(whole.hidden, cases[_i].hidden);
	ck_assert_int_eq(single.alternate, cases[_i].alternate);
	ck_assert_int_eq(single.altered, cases[_i].altered);
}
END_TEST

/* No bytes, however many, break the parser. */
START_TEST(test_noise)
{
	struct screen screen = {0};
	char noise[256];
	int i;
	size_t j;

	srand(1);
	for (i = 0; i < 10000; i++) {
		for (j = 0; j < sizeof(noise); j++)
			noise[j] = rand() % 3 ? "\033[]?;hlr1049\a"[rand() % 14]
					      : (char)rand();
		screen_follow(&screen, noise, sizeof(noise));
		ck_assert_ptr_nonnull(screen_prepare(&screen));
	}
}
END_TEST

START_TEST(test_prepare)
{
	struct screen screen = {0};

	/* An open string would swallow the question: it is ended. */
	ck_assert_int_eq(screen_prepare(&screen)[0], '\030');
	ck_assert_ptr_null(strstr(screen_prepare(&screen), "\r\n"));
	screen_follow(&screen, "$ ", 2);
	ck_assert_ptr_nonnull(strstr(screen_prepare(&screen), "\r\n"));
	screen_follow(&screen, "\033[2;3r", 6);
	ck_assert_ptr_nonnull(strstr(screen_prepare(&screen), "\033[!p"));
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("screen");

	tcase_add_loop_test(tcase, test_follow, 0,
			    sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_noise);
	tcase_add_test(tcase, test_prepare);
	return unit_run_case("screen", tcase);
}
