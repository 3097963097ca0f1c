/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NULL-terminated arrays of strings.
 */
#include "supervision/strings.h"

#include <stdlib.h>
#include <string.h>

static const char *const none[] = {NULL};

static size_t count(const char *const *strings)
{
	size_t n = 0;

	while (strings[n])
		n++;
	return n;
}

char **strings_copy(const char *const *strings)
{
	char **copy;

	if (!strings)
		strings = none;
	copy = calloc(count(strings) + 1, sizeof(*copy));
	for (size_t i = 0; copy && strings[i]; i++) {
		copy[i] = strdup(strings[i]);
		if (!copy[i])
			return strings_free(copy);
	}
	return copy;
}

char **strings_free(char **strings)
{
	for (char **string = strings; string && *string; string++)
		free(*string);
	free(strings);
	return NULL;
}

bool strings_equal(const char *const *a, const char *const *b)
{
	size_t i;

	a = a ? a : none;
	b = b ? b : none;
	for (i = 0; a[i] && b[i]; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return !a[i] && !b[i];
}
