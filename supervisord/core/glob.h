/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Globs over bytes, for scripts that answer questions and for names.
 *
 * "*" stands for any bytes, "/" included (a script's "/home/u/" followed by an
 * asterisk means all that is beneath), "?" for one byte, and a backslash takes
 * the next byte as it is. Unlike fnmatch(3), it takes bytes that are not valid
 * in the locale, and its time is bounded by the product of the two lengths.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

bool glob_match(const char *pattern, const char *string);

/* The same of bytes that no NUL follows. */
bool glob_match_bytes(const char *pattern, size_t pattern_length,
		      const char *string, size_t string_length);
