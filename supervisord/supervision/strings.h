/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NULL-terminated arrays of strings.
 */
#pragma once

#include <stdbool.h>

/* A deep copy; NULL is taken as empty. Returns: NULL when memory is short. */
char **strings_copy(const char *const *strings);

/* Takes NULL; always returns NULL. */
char **strings_free(char **strings);

static inline void strings_freep(char ***strings)
{
	strings_free(*strings);
}

/* Whether both hold the same strings in the same order; NULL is empty. */
bool strings_equal(const char *const *a, const char *const *b);
