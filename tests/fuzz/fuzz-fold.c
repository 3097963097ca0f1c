/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two names, or two paths, that may mean one file: whether they do is the same
 * for both orders, and what another matcher says.
 *
 * The input is cut at its first newline.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "path/fold.h"

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

static bool is_foreign(const char *at)
{
	return *at & 0x80 || (*at == '~' && at[1] >= '0' && at[1] <= '9');
}

/* Whether one can be made of the other, by trying all there is; slow. */
static bool same(const char *a, const char *b)
{
	if (is_foreign(a) && *a == '~')
		a = "\xff"; /* nothing is left of what comes after */
	if (is_foreign(b) && *b == '~')
		b = "\xff";
	if (*a & 0x80)
		return same(a + 1, b) || (*b && same(a, b + 1));
	if (*b & 0x80)
		return same(a, b + 1) || (*a && same(a + 1, b));
	if (!*a || !*b)
		return !*a && !*b;
	return lower(*a) == lower(*b) && same(a + 1, b + 1);
}

static void cut_end(char *name)
{
	size_t length = strlen(name);

	while (length > 1 &&
	       (name[length - 1] == '.' || name[length - 1] == ' '))
		name[--length] = '\0';
}

static size_t count_foreign(const char *name)
{
	size_t count = 0;

	for (; *name; name++)
		count += is_foreign(name);
	return count;
}

static void check_names(char *a, char *b)
{
	const size_t a_length = strlen(a), b_length = strlen(b);
	const bool folds = fold_same(a, a_length, b, b_length);

	FUZZ_CHECK(folds == fold_same(b, b_length, a, a_length));
	FUZZ_CHECK(fold_same(a, a_length, a, a_length) == (a_length <= 255));
	/* What takes no time. */
	if (a_length > 12 || b_length > 12 ||
	    count_foreign(a) + count_foreign(b) > 4)
		return;
	cut_end(a);
	cut_end(b);
	FUZZ_CHECK(folds == same(a, b));
}

static void check_paths(const char *rule, const char *path)
{
	char folded[PATH_MAX];

	if (!fold_path(rule, path, folded))
		return;
	FUZZ_CHECK(strlen(folded) < PATH_MAX);
	FUZZ_CHECK(strcmp(folded, path) != 0);
	/* Of the rule as far as both go, and then of the path. */
	FUZZ_CHECK(strncmp(folded, rule, strlen(rule)) == 0 ||
		   strncmp(folded, rule, strlen(folded)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *first = fuzz_string(data, size);
	char *second = strchr(first, '\n');

	if (second && second - first < PATH_MAX && strlen(second) < PATH_MAX) {
		*second++ = '\0';
		if (*first == '/' && *second == '/')
			check_paths(first, second);
		else if (*first && *second)
			check_names(first, second);
	}
	free(first);
	return 0;
}
