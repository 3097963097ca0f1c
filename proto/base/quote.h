/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quoting: names that somebody else chose, among words of ours.
 *
 * Stricter than escape.h. A character stands for itself only if it is known to
 * take the columns that are said here, on any terminal, and to leave its
 * neighbours alone: letters of scripts that are written from left to right
 * without combining. All others, and spaces that are not single ones between
 * other characters, are escaped as escape.h does it, and so can be read back.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The longest unit: "\u{10FFFF}". */
#define QUOTE_UNIT_MAX 10

/* A character as it is shown, or the escape that stands for it. */
struct quote_unit {
	char text[QUOTE_UNIT_MAX + 1];
	size_t length;	/* of the text */
	size_t bytes;	/* that it stands for */
	size_t columns; /* that it takes, at most */
};

/*
 * Makes the unit for the first character; there is one.
 * @before: the byte before it, 0 if it is the first
 * @utf8: whether the terminal reads UTF-8; else only ASCII stands for itself
 */
void quote_unit(const char *bytes, size_t length, char before, bool utf8,
		struct quote_unit *ret);

/* Whether a name needs no quotes: letters, digits and "_-./+:@%=,~#". */
bool quote_is_plain(const char *bytes, size_t length, bool utf8);

/* Whether the locale (LC_ALL, LC_CTYPE, LANG) says that terminals read UTF-8.
 */
bool quote_is_utf8(void);

/*
 * One word that is safe to show and to paste into a shell, which makes of it
 * the name with its escapes: what `landlord` takes as an OBJECT. There is no
 * space in it.
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *quote_word(const char *name);

/* The same, but single spaces stay as they are: for sentences. */
char *quote_text(const char *text);

/*
 * What escape_string() made, quoted as a word or as a sentence: not escaped
 * twice. Text that it cannot have made is quoted as it is.
 */
char *quote_escaped_word(const char *escaped);
char *quote_escaped_text(const char *escaped);

/*
 * A word as quote_word() makes it, but the shell makes of it the very bytes,
 * except newlines at the end. Returns: a new string (free(3)), or NULL when
 * memory is short.
 */
char *quote_bytes(const char *name);
