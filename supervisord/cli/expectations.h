/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that say what a policy should decide:
 *
 *	# a comment
 *	git  read,write  ~/project/file  -> allow
 */
#pragma once

#include <stdio.h>

#include "base/file_errors.h"
#include "core/rule.h"

/* A line of one; borrowed. */
struct expectation_line {
	const char *file, *app;
	unsigned int line;
	rights_t rights;
	struct object object;
	enum effect effect;
};

/* Returns: 0, or what ends the reading. */
typedef int (*expectation_fn)(void *userdata,
			      const struct expectation_line *line);

/*
 * Calls back for every line that is understood, until it returns non-zero.
 * @errors: gets the others, and what is wrong with the file
 * Returns: 0, what the callback returned, or -ENOMEM.
 */
int expectations_read(const char *file, expectation_fn callback, void *userdata,
		      struct file_errors *errors);

/* The same of a stream that is open. @file: its name, for what is wrong */
int expectations_parse(const char *file, FILE *stream, expectation_fn callback,
		       void *userdata, struct file_errors *errors);
