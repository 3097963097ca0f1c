/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines: a file of grants in memory. Lines that are not understood are kept as
 * they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/file_errors.h"
#include "store/grant.h"

/* A line as it is in the file, and what it means if it is understood. */
struct line {
	char *text; /* without the line feed; owned; NULL: to be encoded */
	size_t length;
	bool understood;
	bool replaced; /* or revoked, and to be swept out */
	struct grant grant;
};

struct lines {
	struct line *items;
	size_t count, allocated;
	size_t understood; /* by lines_parse(), also those that are replaced */
	size_t bad;	   /* that it did not understand */
	size_t torn;	   /* bytes at the end that were never a line */
};

/*
 * Splits the contents of a file and decodes its lines. Of several with one id
 * the last counts, and the others are left out; all are when it revokes them. So
 * is what is left at the end
 * of a line of ours that was never written to its end: nobody was told that it
 * was.
 * @path: for errors
 * @errors: gets what was not understood; may be NULL
 * Returns: 0 or -ENOMEM; @lines is to be finished in either case.
 */
int lines_parse(struct lines *lines, const char *text, size_t length,
		const char *path, struct file_errors *errors);

/*
 * Makes the contents of the file, encoding what has changed.
 * @max: bytes
 * Returns: 0 (free *ret), -ENOSPC, -EMSGSIZE, -ENOMEM.
 */
int lines_join(struct lines *lines, size_t max, char **ret, size_t *ret_length);

/* Moves a line to the end. Returns: 0 or -ENOMEM. */
int lines_take(struct lines *lines, struct line *line);

/* Takes away those that are replaced. */
void lines_sweep(struct lines *lines);

/* The line has to be encoded anew. */
void line_touch(struct line *line);

void line_finish(struct line *line);
void lines_finish(struct lines *lines);
