/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries as lines of text, and back; landlord-trace(5) has the form.
 *
 * Strings are escape_string() of the bytes, so that any bytes survive, and a
 * line is safe to print. Reading is strict: a known member of another type, a
 * right that does not suit its object, or a member that is there twice makes
 * the line a bad one. Members that are not known are ignored, so that a version
 * may add some.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "trace/trace_entry.h"

/* Bytes of a line with its line feed; longer ones are neither written nor read.
 */
#define TRACE_LINE_MAX (1024 * 1024)

/*
 * Makes a line, without the line feed.
 * @ret: a new string (free(3))
 * Returns: 0; -EMSGSIZE; -EINVAL for an entry that has no text, such as one
 *          about no right; -ENOMEM.
 */
int trace_encode(const struct trace_entry *entry, char **ret);

/*
 * Parses a line.
 * @length: without the line feed
 * @ret_problem: what was wrong: the name of a member, or what was expected;
 *               static storage; may be NULL
 * Returns: 0 (the caller finishes the entry), -EINVAL, -ENOMEM.
 */
int trace_decode(const char *line, size_t length, struct trace_entry *ret,
		 const char **ret_problem);

/* The same of what has been parsed already. @object: borrowed, any value */
int trace_decode_object(const json_t *object, struct trace_entry *ret,
			const char **ret_problem);
