/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes bytes that an attacker chose safe to read on a terminal or in a log.
 *
 * Invalid UTF-8, C0 and C1 controls, DEL, bidirectional controls, zero-width
 * and other default-ignorable characters, line and paragraph separators and
 * the backslash itself become \xNN, \u{NNNN} or \n, \t, \\ escapes, so that
 * the escaped text is unambiguous.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Escapes @length bytes.
 * @max_columns: bound of the result in bytes (0: none); what is cut away is in
 *               the middle and shown as "...".
 *
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *escape_bytes(const char *bytes, size_t length, size_t max_columns);

/* escape_bytes() of a NUL-terminated string, without a bound. */
char *escape_string(const char *string);

/*
 * Reverses escape_string(): the bytes that were escaped. Any text without a
 * backslash stands for itself.
 * @ret: a new string (free(3)), NUL-terminated; an escaped NUL stays in it
 * @ret_length: may be NULL; then a text with an escaped NUL is refused
 * Returns: 0, -EINVAL for an unknown or cut escape, -ENOMEM.
 */
int unescape_string(const char *text, char **ret, size_t *ret_length);

/*
 * Length in bytes of the well-formed UTF-8 sequence that starts a string, and
 * its code point; 0 when the string is empty or does not start with one.
 * @ret_point: may be NULL
 */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *ret_point);
