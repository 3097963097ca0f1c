/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was wrong in files that people and programs write: one sentence each,
 * with the place. A bad line is quarantined; the rest stays in force.
 */
#pragma once

#include <stddef.h>

struct file_error {
	char *file;	   /* as it was opened; owned */
	unsigned int line; /* 0: the whole file */
	char *sentence;	   /* what was wrong, what was expected; owned; bytes
			    * from the file in it are escaped */
};

/* A growing array of errors; zero it to start. */
struct file_errors {
	struct file_error *items;
	size_t count, allocated;
};

/* Says "and more" instead of a sentence once a file is full of errors. */
#define FILE_ERRORS_MAX 256

/*
 * Adds a sentence; without memory it is lost, never the caller's work.
 * @errors: may be NULL
 */
void file_errors_add(struct file_errors *errors, const char *file,
		     unsigned int line, const char *format, ...)
	__attribute__((__format__(__printf__, 4, 5)));

void file_errors_finish(struct file_errors *errors);

/*
 * "FILE:LINE: SENTENCE", escaped, for a person.
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *file_error_format(const struct file_error *error);
