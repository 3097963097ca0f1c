/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patterns: paths in which some names are left open. They mean what a line of
 * gitignore(5) with a slash in it does:
 *
 *   *	any bytes of one name, none too; a name that begins with a dot as well
 *   ?	one byte of a name
 *   **	between two slashes: any number of directories, none too
 *   \	takes the byte that follows as it is
 *
 * A pattern is what its paths would be, were each of them written down; but one
 * that names an object itself is more specific (see ruleset_layout.h). What
 * means nothing, or would mean another thing than it seems to, is no pattern.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum pattern_kind {
	PATTERN_NAME, /* as it is, once backslashes are taken away */
	PATTERN_GLOB, /* has "*" or "?" in it */
	PATTERN_DEEP, /* "**" */
};

/* What is between two slashes. */
struct pattern_part {
	enum pattern_kind kind;
	const char *text; /* in the pattern; not its own */
	size_t length;
};

/* Why a text is no pattern: sentences in static storage. */
struct pattern_problem {
	size_t at; /* where in the text */
	const char *problem, *expected;
	const char *meant; /* what it would have meant; NULL: nothing */
};

/*
 * Whether a text is a pattern: canonical as a path is, with a wildcard in it,
 * and with backslashes only before "*", "?", "[" and themselves.
 * Returns: 0, or -EINVAL.
 */
int pattern_check(const char *text, struct pattern_problem *ret);

/* Whether a text has a wildcard in it that no backslash stands before. */
bool pattern_is_wild(const char *text);

/*
 * Cuts the next part off a pattern; start at its beginning.
 * Returns: false at its end.
 */
bool pattern_next(const char **at, struct pattern_part *ret);

/* The length of what comes before the first part with a wildcard, without its
 * last slash: "/a" of a pattern "/a", "b*". 0: there is nothing. */
size_t pattern_fixed(const char *text);

/*
 * Takes backslashes away.
 * @ret: has room for @length bytes
 * Returns: how many there are.
 */
size_t pattern_unescape(const char *text, size_t length, char *ret);

/* Puts backslashes before what would be a wildcard. Returns: a new string, or
 * NULL when memory is short. */
char *pattern_escape(const char *path);

/*
 * A path that matches, of names that hardly any rule has: for who asks what is
 * said of what a pattern matches.
 * Returns: a new string, or NULL when memory is short.
 */
char *pattern_sample(const char *text);
