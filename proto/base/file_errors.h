/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was wrong in files that people and programs write: one sentence each,
 * with the place. A bad line is quarantined; the rest stays in force.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct file_error {
	char *file;	     /* as it was opened; owned */
	unsigned int line;   /* 0: the whole file */
	unsigned int column; /* a byte of the line, from 1; 0: not known */
	bool left_out;	     /* and the rest is in force; else nothing starts */
	const char *meant;   /* what it would have meant: a sentence in static
			    * storage, or NULL */
	char *sentence;	     /* what was wrong, what was expected; owned; bytes
			    * from the file in it are escaped */
};

/* A growing array of errors; zero it to start. */
struct file_errors {
	struct file_error *items;
	size_t count, allocated;
	size_t max; /* 0: FILE_ERRORS_MAX */
};

/* Says "and more" instead of a sentence once a file is full of errors. */
#define FILE_ERRORS_MAX 256

/*
 * Adds a sentence; without memory it is lost, never the caller's work.
 * @errors: may be NULL
 * Returns: it, until the next one is added; or NULL.
 */
struct file_error *file_errors_add(struct file_errors *errors, const char *file,
				   unsigned int line, const char *format, ...)
	__attribute__((__format__(__printf__, 4, 5)));

void file_errors_finish(struct file_errors *errors);

/*
 * "FILE:LINE: SENTENCE", escaped, for a person.
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *file_error_format(const struct file_error *error);
