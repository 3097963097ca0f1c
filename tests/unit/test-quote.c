/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/quote.h"
#include "unit.h"

static const char *const names[] = {
	"/home/u/notes",
	"x",
	"",
	"a b",
	"  a  b  ",
	"$(touch x)",
	"`touch x`",
	"'; touch x; '",
	"\"; touch x; \"",
	"!x ~u *? [a] {b,c} <>|&;#",
	"-n",
	"~root",
	"#x",
	"a=b",
	"%s%n\\n\\",
	"tab\there",
	"two\nlines",
	"\033[2J\x7f\r",
	"\x9b\xff\xc2\x9b",
	"Gr\xc3\xb6\xc3\x9f"
	"e",
	"\xe6\x97\xa5\xe6\x9c\xac",
	"e\xcc\x81",
	"\xe2\x80\xae"
	"gpj",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
};

/* What a shell makes of a word; it must not run anything else. */
static void read_word(const char *word, char *ret, size_t size)
{
	_cleanup_free_ char *command = NULL;
	FILE *out;
	size_t length;

	ck_assert_int_gt(
		asprintf(&command,
			 "PATH=/nowhere; f() { printf %%s. \"$#:$1\"; }; f %s",
			 word),
		0);
	out = popen(command, "r");
	ck_assert_ptr_nonnull(out);
	length = fread(ret, 1, size - 1, out);
	ret[length] = '\0';
	ck_assert_int_eq(pclose(out), 0);
}

static void check_is_plain(const char *word)
{
	ck_assert_ptr_nonnull(word);
	for (const char *c = word; *c; c++)
		ck_assert_msg((unsigned char)*c > ' ' && *c != 0x7f, "%s",
			      word);
}

START_TEST(words)
{
	static const char *const locales[] = {"C", "C.UTF-8"};

	for (size_t i = 0; i < ARRAY_SIZE(locales); i++) {
		_cleanup_free_ char *word = NULL, *back = NULL;
		char got[512];

		setenv("LC_ALL", locales[i], 1);
		word = quote_word(names[_i]);
		check_is_plain(word);
		read_word(word, got, sizeof(got));
		ck_assert_int_eq(strncmp(got, "1:", 2), 0);
		got[strlen(got) - 1] = '\0';
		ck_assert_int_eq(unescape_string(got + 2, &back, NULL), 0);
		ck_assert_str_eq(back, names[_i]);
	}
}
END_TEST

START_TEST(bytes)
{
	_cleanup_free_ char *word = NULL;
	char got[512];

	setenv("LC_ALL", "C.UTF-8", 1);
	word = quote_bytes(names[_i]);
	ck_assert_ptr_nonnull(word);
	read_word(word, got, sizeof(got));
	ck_assert_int_eq(strncmp(got, "1:", 2), 0);
	got[strlen(got) - 1] = '\0';
	ck_assert_str_eq(got + 2, names[_i]);
}
END_TEST

START_TEST(sentences)
{
	static const struct {
		const char *text, *quoted;
	} cases[] = {
		{"no agent", "'no agent'"},
		{"no  agent ", "'no\\x20\\x20agent\\x20'"},
		{"timeout", "timeout"},
		{"it's", "'it\\x27s'"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *quoted = quote_text(cases[i].text);

		ck_assert_str_eq(quoted, cases[i].quoted);
	}
}
END_TEST

/* What was escaped once is not escaped twice. */
START_TEST(escaped)
{
	_cleanup_free_ char *once = escape_string("a\033\nb");
	_cleanup_free_ char *quoted = quote_escaped_word(once);
	_cleanup_free_ char *wrong = quote_escaped_word("\\q\033");

	ck_assert_str_eq(quoted, "'a\\x1b\\nb'");
	ck_assert_str_eq(wrong, "'\\\\q\\x1b'");
}
END_TEST

START_TEST(locales)
{
	static const struct {
		const char *all, *type, *lang;
		bool utf8;
	} cases[] = {
		{NULL, NULL, NULL, false},
		{NULL, NULL, "C.UTF-8", true},
		{NULL, NULL, "de_DE.utf8", true},
		{NULL, "de_DE@euro", "C.UTF-8", false},
		{"C", NULL, "C.UTF-8", false},
		{"", NULL, "C.UTF-8", true},
		{"de_DE.ISO-8859-1", NULL, NULL, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsetenv("LC_ALL");
		unsetenv("LC_CTYPE");
		unsetenv("LANG");
		if (cases[i].all)
			setenv("LC_ALL", cases[i].all, 1);
		if (cases[i].type)
			setenv("LC_CTYPE", cases[i].type, 1);
		if (cases[i].lang)
			setenv("LANG", cases[i].lang, 1);
		ck_assert_msg(quote_is_utf8() == cases[i].utf8, "case %zu", i);
	}
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("quote");

	tcase_add_loop_test(tcase, words, 0, ARRAY_SIZE(names));
	tcase_add_loop_test(tcase, bytes, 0, ARRAY_SIZE(names));
	tcase_add_test(tcase, sentences);
	tcase_add_test(tcase, escaped);
	tcase_add_test(tcase, locales);
	return unit_run_case("quote", tcase);
}
