/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small helpers for NUL-terminated strings.
 */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Copies a string that may be NULL.
 * Returns: 0 or -ENOMEM (then *ret is NULL).
 */
static inline int text_copy(char **ret, const char *text)
{
	*ret = text ? strdup(text) : NULL;
	return text && !*ret ? -ENOMEM : 0;
}

/*
 * Ends a stream of open_memstream(3).
 * Returns: its text, or NULL when memory was short at any point.
 */
static inline char *text_finish(FILE *stream, char **text)
{
	const int failed = ferror(stream);

	if (fclose(stream) != 0 || failed) {
		free(*text);
		*text = NULL;
	}
	return *text;
}
