/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of agent/screen.h. */
#include <stdlib.h>
#include <string.h>

#include "agent/screen.h"
#include "unit.h"

#define NO SCREEN_MODES_

/* What is known afterwards: one mode, margins, doubt. */
static const struct {
	const char *bytes;
	enum screen_mode mode;
	bool margins, doubt;
} cases[] = {
	{"", NO, false, false},
	{"hello\r\n$ ", NO, false, false},
	{"\033[?1049h", SCREEN_ALTERNATE, false, false},
	{"\033[?1049h\033[?1049l", NO, false, false},
	{"\033[?25l", SCREEN_HIDDEN, false, false},
	{"\033[?25l\033[?25h", NO, false, false},
	{"\033[?1h", SCREEN_ARROWS, false, false},
	{"\033[?7l", SCREEN_NO_WRAP, false, false},
	{"\033[4h", SCREEN_INSERT, false, false},
	{"\033[?2004h", SCREEN_BRACKETS, false, false},
	{"\033=", SCREEN_KEYPAD, false, false},
	{"\033=\033>", NO, false, false},
	{"\016", SCREEN_SHIFTED, false, false},
	{"\033[?6h", SCREEN_ORIGIN, false, false},
	{"\033[?6h\033c", NO, false, false},
	{"\033[1;2r", NO, true, false},
	{"\033[0001;2r", NO, true, false},
	{"\033[31mred\033[0m \033[38;2;1;2;3;48;2;255;255;255;1;4;5;7m", NO,
	 false, false},
	{"\033]0;title\a\033]2;title\033\\\033]7;file:///x\a", NO, false,
	 false},
	{"gr\xc3\xbc\xc3\x9f\xc2\xb7\xe2\x80\x9d\xf0\x9f\x98\x80", NO, false,
	 false},
	{"\033[1;1H\033[10", NO, false, false},
	{"\033[22;2t\033[>4;2m\033[?4m\033[>c\033[2 q\033[?12$p", NO, false,
	 false},
	/* Colours, pictures, what only some terminals know. */
	{"\033]10;#000000\a", NO, false, true},
	{"\033]4;1;#000000\033\\", NO, false, true},
	{"\033]04;1;#000000\033\\", NO, false, true},
	{"\033]\x01"
	 "10;#000000\a",
	 NO, false, true},
	{"\033]P0000000", NO, false, false}, /* it is open yet */
	{"\033]P0000000\033\\", NO, false, true},
	{"\033]R\033[m", NO, false, true},
	{"\033Pq#0~\033\\", NO, false, true},
	{"\033_Gf=24;AAAA\033\\", NO, false, true},
	{"\033[?5h", SCREEN_REVERSE, false, false},
	{"\033[8]", NO, false, true},
	{"\033[#P", NO, false, true},
	{"\033[!p", NO, false, true},
	{"\033[8;1;1t", NO, false, true},
	{"\033[?38h", NO, false, true},
	{"\033[?2l", NO, false, true},
	{"\033[2h", NO, false, true},
	{"\033[5i", NO, false, true},
	{"\033n", NO, false, true},
	{"\033V", NO, false, true},
	/* Read in different ways. */
	{"\033\b[?25l", SCREEN_HIDDEN, false, true},
	{"\033[?2\0105l", SCREEN_HIDDEN, false, true},
	{"\033\177[?25l", SCREEN_HIDDEN, false, true},
	{"\033(\n0", NO, false, true},
	{"\033 c", NO, false, true},
	{"\033(c", NO, false, true},
	{"\xc2\x9b?25l", NO, false, true},
	{"\x9b?25l", NO, false, true},
	{"\xe2\x80?", NO, false, true},
	{"\xe0\x82\x9b", NO, false, true},
	{"\033[?10\03049h", NO, false, true},
	{"\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;"
	 "25;26m",
	 NO, false, true},
	{"\033[?"
	 "0000000000000000000000000000000000000000000000000000000000000000"
	 "25l",
	 SCREEN_HIDDEN, false, true},
};

static void check(const struct screen *screen, int i)
{
	for (int mode = 0; mode < SCREEN_MODES_; mode++)
		ck_assert_msg(screen->modes[mode] ==
				      (mode == (int)cases[i].mode),
			      "case %d, mode %d", i, mode);
	ck_assert_msg(screen->margins == cases[i].margins, "case %d", i);
	ck_assert_msg(screen->doubt == cases[i].doubt, "case %d", i);
}

START_TEST(follow)
{
	struct screen whole = {0}, single = {0};
	const char *const bytes = cases[_i].bytes;
	size_t i;

	screen_follow(&whole, bytes, strlen(bytes));
	for (i = 0; i < strlen(bytes); i++)
		screen_follow(&single, bytes + i, 1);
	check(&whole, _i);
	check(&single, _i);
}
END_TEST

/* A terminal that reads no UTF-8 finds controls within its characters. */
START_TEST(single_bytes)
{
	struct screen screen = {.single_bytes = true};

	screen_follow(&screen, "\xe2\x80\x9d", 3);
	ck_assert(screen.doubt);
	screen_follow(&screen, "\033c", 2);
	ck_assert(screen.single_bytes);
}
END_TEST

static bool has(char *text, const char *part)
{
	const bool found = text && strstr(text, part);

	ck_assert_ptr_nonnull(text);
	free(text);
	return found;
}

/* What is set before a question does not depend on what was understood. */
START_TEST(prepare)
{
	static const char *const always[] = {
		"\033[!p",
		"\033[r",
		"\033[?6l",
		"\033[?69l",
		"\033[?7h",
		"\033[4l",
		"\033[?25h",
		"\033[?5l",
		"\033(B",
		"\017",
		"\033[0m",
		"\033[?2026l",
		"\033[H \033[H\033[J",
	};
	struct screen screen = {0};
	size_t i;

	for (i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		ck_assert_msg(has(screen_prepare(&screen, 24), always[i]), "%s",
			      always[i]);
	ck_assert(has(screen_prepare(&screen, 3), "H\n\n\n\033"));
	/* The colours are the person's, unless something may have changed. */
	ck_assert(!has(screen_prepare(&screen, 24), "\033]104"));
	screen_follow(&screen, "\033]11;#000\a", 10);
	ck_assert(has(screen_prepare(&screen, 24), "\033]104"));
	ck_assert(screen_is_picture(&screen));
}
END_TEST

START_TEST(restore)
{
	static const char program[] = "\033[?1049h\033[?1h\033=\033[?25l"
				      "\033[?1002h\033)0\016\033[?2004h";
	struct screen screen = {0};

	ck_assert(has(screen_restore(&screen), "\033[?2004l"));
	screen_follow(&screen, program, sizeof(program) - 1);
	ck_assert(has(screen_restore(&screen), "\033[?1h"));
	ck_assert(has(screen_restore(&screen), "\033="));
	ck_assert(has(screen_restore(&screen), "\033[?25l"));
	ck_assert(has(screen_restore(&screen), "\033[?1002h"));
	ck_assert(has(screen_restore(&screen), "\033)0\016"));
	ck_assert(!has(screen_restore(&screen), "2004l"));
	ck_assert(!has(screen_restore(&screen), "1049"));
	ck_assert(screen_is_picture(&screen));
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("screen");

	tcase_add_loop_test(tcase, follow, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, single_bytes);
	tcase_add_test(tcase, prepare);
	tcase_add_test(tcase, restore);
	return unit_run_case("screen", tcase);
}
