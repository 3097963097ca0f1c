/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page: what a question puts on the screen, line by line.
 *
 * Every line begins with a mark: "-- " for a title, "| " where another line of
 * ours begins, "|> " where one is continued. No line is longer than the window
 * is wide, whatever a terminal does with longer ones; and names that others
 * chose, which are quoted (base/quote.h) and can hold neither an unescaped
 * quotation mark nor a line's end, never stand where a mark does.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct page {
	FILE *stream;
	char *text;
	size_t size;
	size_t columns; /* of the window */
	size_t at;	/* column of the current line */
	size_t lines;	/* so far */
	bool utf8;	/* the terminal reads it */
};

/*
 * Begins a page.
 * @columns: of the window; fewer than PAGE_COLUMNS_MIN count as so many
 * Returns: 0 or -ENOMEM.
 */
int page_open(struct page *page, size_t columns);

#define PAGE_COLUMNS_MIN 16

/* Begins a line that is a title. */
void page_title(struct page *page);

/* Begins a line. */
void page_line(struct page *page);

/* Words of ours: printable ASCII, broken at spaces. */
__attribute__((format(printf, 2, 3))) void page_say(struct page *page,
						    const char *format, ...);

/*
 * A name that somebody else chose, in quotes unless it is plain.
 * @most: characters or escapes to show, 0 for all; of a longer name the middle
 *        is left out, and said so outside the quotes
 */
void page_name(struct page *page, const char *name, size_t most);

/*
 * Ends a page.
 * @ret_lines: how many there are; may be NULL
 * Returns: lines that end with "\n" (free(3)), or NULL when memory was short.
 */
char *page_close(struct page *page, size_t *ret_lines);
