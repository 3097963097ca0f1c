/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that say what a policy should decide:
 *
 *	# a comment
 *	git  read,write  ~/project/file  -> allow
 */
#pragma once

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

/*
 * Calls back for every line that is understood, until it returns non-zero.
 * @errors: gets the others, and what is wrong with the file
 * Returns: 0, what the callback returned, or -ENOMEM.
 */
int expectations_read(const char *file,
		      int (*callback)(void *userdata,
				      const struct expectation_line *line),
		      void *userdata, struct file_errors *errors);
