/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "unit.h"

START_TEST(escapes)
{
	static const struct {
		const char *bytes, *escaped;
	} cases[] = {
		{"", ""},
		{"plain text", "plain text"},
		{"a\nb\tc\\d", "a\\nb\\tc\\\\d"},
		{"\033[31m", "\\x1b[31m"},
		{"\x7f", "\\x7f"},
		{"\r", "\\x0d"},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		{"\xc2\x9b", "\\u{009B}"},     /* C1 CSI */
		{"\xe2\x80\xae", "\\u{202E}"}, /* override */
		{"\xe2\x80\x8b", "\\u{200B}"}, /* zero width */
		{"\xef\xbb\xbf", "\\u{FEFF}"},
		{"\xe2\x80\xa8", "\\u{2028}"},
		{"\xf3\xa0\x81\x81", "\\u{E0041}"}, /* tag */
		{"\xff", "\\xff"},
		{"\xc0\xaf", "\\xc0\\xaf"},	     /* overlong */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* surrogate */
		{"\xe2\x80", "\\xe2\\x80"},	     /* cut */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *escaped = escape_string(cases[i].bytes);
		_cleanup_free_ char *back = NULL;

		ck_assert_str_eq(escaped, cases[i].escaped);
		ck_assert_int_eq(unescape_string(escaped, &back, NULL), 0);
		ck_assert_str_eq(back, cases[i].bytes);
	}
}
END_TEST

START_TEST(bounds)
{
	static const struct {
		const char *bytes;
		size_t max;
		const char *escaped;
	} cases[] = {
		{"0123456789", 10, "0123456789"},
		{"0123456789a", 10, "0123...89a"},
		{"\n\n\n\n\n\n", 10, "\\n\\n...\\n"},
		{"aaa\033\033\033zzz", 10, "aaa...zzz"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *escaped = escape_bytes(
			cases[i].bytes, strlen(cases[i].bytes), cases[i].max);

		ck_assert_str_eq(escaped, cases[i].escaped);
	}
}
END_TEST

START_TEST(random_bytes_come_back)
{
	uint64_t seed = 1;

	for (int round = 0; round < 20000; round++) {
		_cleanup_free_ char *escaped = NULL, *back = NULL,
				    *bounded = NULL;
		char bytes[24];
		const size_t length = unit_below(&seed, sizeof(bytes));
		size_t back_length;

		for (size_t i = 0; i < length; i++)
			bytes[i] = unit_random(&seed) >> 32;
		escaped = escape_bytes(bytes, length, 0);
		ck_assert_int_eq(unescape_string(escaped, &back, &back_length),
				 0);
		ck_assert_uint_eq(back_length, length);
		ck_assert_mem_eq(back, bytes, length);
		for (const char *c = escaped; *c; c++)
			ck_assert(*c < 0 || (*c >= 0x20 && *c != 0x7f));
		bounded = escape_bytes(bytes, length, 16);
		ck_assert_uint_le(strlen(bounded), 16);
	}
}
END_TEST

START_TEST(bad_escapes)
{
	static const char *const cases[] = {
		"\\",	   "\\q",	   "\\x",	  "\\x1",
		"\\u{",	   "\\u{}",	   "\\u{110000}", "\\u{d800}",
		"\\u1234", "\\u{1234567}", "\\x00",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *back = NULL;

		ck_assert_int_eq(unescape_string(cases[i], &back, NULL),
				 -EINVAL);
		ck_assert_ptr_null(back);
	}
}
END_TEST

UNIT_MAIN("escape", escapes, bounds, random_bytes_come_back, bad_escapes);
