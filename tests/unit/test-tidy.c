/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one form of policy files: blanks change, and nothing else.
 */
#include "policy/tidy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "policy/file.h"
#include "unit.h"

static const char *const cases[][2] = {
	{"", ""},
	{"\n\n", ""},
	{"[allow]", "[allow]\n"},
	{"  [allow]  \r\nread=/x\r\n", "[allow]\nread = /x\n"},
	{"[allow]\nread ,write=/x", "[allow]\nread, write = /x\n"},
	{"[allow]\nread:/x\n", "[allow]\nread = /x\n"},
	{"[allow]\nread = /a  b\n", "[allow]\nread = /a  b\n"},
	{"[allow]\nread = /a=b:c\n", "[allow]\nread = /a=b:c\n"},
	{"[allow]\nread = /a\n[deny]\nread = /b\n",
	 "[allow]\nread = /a\n\n[deny]\nread = /b\n"},
	{"[allow]\nread = /a\n# why\n[deny]\nread = /b\n",
	 "[allow]\nread = /a\n# why\n[deny]\nread = /b\n"},
	{"\n\n# top\n\n\n\n[allow]\n\n\nread = /a\n\n",
	 "# top\n\n[allow]\n\nread = /a\n"},
	{"; a  comment = b\n[settings]\ntimeout=5\n",
	 "; a  comment = b\n[settings]\ntimeout = 5\n"},
	/* What is wrong stays as wrong as it was. */
	{"[allow]\nread /x\n= /x\nread =\nread = /x # c\n",
	 "[allow]\nread /x\n= /x\nread =\nread = /x # c\n"},
	{"\xef\xbb\xbf[allow]\n", "[allow]\n"},
};

START_TEST(one_form)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *once = NULL, *twice = NULL;

		ck_assert_int_eq(tidy_policy(cases[i][0], &once), 0);
		ck_assert_str_eq(once, cases[i][1]);
		ck_assert_int_eq(tidy_policy(once, &twice), 0);
		ck_assert_str_eq(twice, once);
	}
}
END_TEST

static void parse(const char *text, struct rules *rules,
		  struct file_errors *errors)
{
	struct file_settings settings = FILE_SETTINGS_NONE;
	struct policy_file file = {
		.path = "/p.ini",
		.layer = LAYER_USER,
		.program = (const char *const[]){"PWD=/w", NULL},
		.rules = rules,
		.settings = &settings,
		.errors = errors,
	};
	FILE *const stream = fmemopen((void *)text, strlen(text), "r");

	ck_assert_ptr_nonnull(stream);
	ck_assert_int_eq(policy_file_parse(&file, stream), 0);
	fclose(stream);
}

/* Random lines: the same rules, and as many mistakes. */
START_TEST(the_meaning_stays)
{
	static const char *const parts[] = {
		"[allow]", "[deny]", "[ask]", "\n",	     "read", "write",
		",",	   " = ",    "=",     ":",	     "/a",   "/b/c",
		"~/x",	   " ",	     "\t",    "# c",	     "; c",  "443",
		"connect", "\n",     "\r\n",  "\n  ",	     "[x]",  "\\ ",
		"$",	   "/",	     "\"",    "read = /y\n",
	};

	srand(1);
	for (int round = 0; round < 20000; round++) {
		_cleanup_free_ char *tidied = NULL;
		struct rules before = {0}, after = {0};
		struct file_errors told = {0}, again = {0};
		char text[512] = "[allow]\n";

		for (int i = rand() % 24; i >= 0; i--)
			strcat(text, parts[rand() % ARRAY_SIZE(parts)]);
		ck_assert_int_eq(tidy_policy(text, &tidied), 0);
		parse(text, &before, &told);
		parse(tidied, &after, &again);
		ck_assert_msg(before.count == after.count &&
				      rules_same_effect(&before, &after),
			      "%s---\n%s", text, tidied);
		ck_assert_msg(told.count == again.count, "%s---\n%s", text,
			      tidied);
		rules_finish(&before);
		rules_finish(&after);
		file_errors_finish(&told);
		file_errors_finish(&again);
	}
}
END_TEST

UNIT_MAIN("tidy", one_form, the_meaning_stays);
