/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy file that a review ends with. */
#pragma once

#include "cli/review.h"

/*
 * Writes what was accepted to a new file, which is there as a whole or not at
 * all.
 * @output: NULL: a name of its own among the user's files of the app
 * @ret_path: its name (free(3)); NULL when none could be made; also set on
 *            failure
 * Returns: 0; -EEXIST: there is such a file; or another negative errno.
 */
int review_file_write(const struct review *review, const char *output,
		      char **ret_path);
