/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "core/glob.h"
#include "unit.h"

START_TEST(globs)
{
	static const struct {
		const char *pattern, *string;
		bool matches;
	} cases[] = {
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "any/thing", true},
		{"/home/u/*", "/home/u/a/b", true},
		{"/home/u/*", "/home/u", false},
		{"fs.*", "fs.read_file", true},
		{"fs.*_file", "fs.read_file", true},
		{"fs.*_file", "fs.read_dir", false},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"a\\*c", "a*c", true},
		{"a\\*c", "abc", false},
		{"a\\?c", "abc", false},
		{"a\\", "a\\", true},
		{"*a*b*c*", "xxaxxbxxcxx", true},
		{"*a*b*c*", "xxaxxcxxbxx", false},
		{"*ab", "aab", true},
		{"\xff*", "\xff\xfe", true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_msg(glob_match(cases[i].pattern, cases[i].string) ==
				      cases[i].matches,
			      "%s %s", cases[i].pattern, cases[i].string);
}
END_TEST

/* The textbook definition, exponential. */
static bool naive_match(const char *pattern, const char *string)
{
	if (*pattern == '\0')
		return *string == '\0';
	if (*pattern == '*')
		return naive_match(pattern + 1, string) ||
		       (*string && naive_match(pattern, string + 1));
	if (*string == '\0')
		return false;
	if (*pattern == '?')
		return naive_match(pattern + 1, string + 1);
	if (*pattern == '\\' && pattern[1])
		pattern++;
	return *pattern == *string && naive_match(pattern + 1, string + 1);
}

START_TEST(random_globs)
{
	static const char letters[] = "ab*?\\";
	uint64_t seed = 7;

	for (int round = 0; round < 200000; round++) {
		char pattern[9] = "", string[9] = "";
		const size_t pattern_length = unit_below(&seed, 8);
		const size_t string_length = unit_below(&seed, 8);

		for (size_t i = 0; i < pattern_length; i++)
			pattern[i] = letters[unit_below(&seed, 5)];
		for (size_t i = 0; i < string_length; i++)
			string[i] = letters[unit_below(&seed, 5)];
		ck_assert_msg(glob_match(pattern, string) ==
				      naive_match(pattern, string),
			      "%s %s", pattern, string);
	}
}
END_TEST

START_TEST(bounded_time)
{
	char pattern[200] = "", string[5000];

	for (int i = 0; i < 90; i++)
		strcat(pattern, "a*");
	strcat(pattern, "b");
	memset(string, 'a', sizeof(string) - 1);
	string[sizeof(string) - 1] = '\0';
	ck_assert(!glob_match(pattern, string));
}
END_TEST

UNIT_MAIN("glob", globs, random_globs, bounded_time);
