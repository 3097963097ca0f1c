/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variables that stand for something of the program that a policy is loaded for,
 * and not of who loads it: where it runs, its temporary directory, its display.
 * Who starts the program finds their values, and a daemon is told of them.
 */
#pragma once

#include <stdbool.h>

/* Whether a name, without its "$", is one of them. */
bool program_variable_is_known(const char *name);

/*
 * Whether it may have no value, so that a line about it is about nothing: a
 * program without a display is none that lacks something.
 */
bool program_variable_is_optional(const char *name);

/*
 * Finds the value of one that is known.
 * @given: "NAME=VALUE" of all that have one, NULL-terminated; NULL: as it is for
 *         this process
 * Returns: 0, -ENOENT without a value, -ENOMEM.
 */
int program_variable_value(const char *name, const char *const *given,
			   char **ret);

/*
 * Collects those of this process, as they are given to others.
 * @ret: an array of strings, both for free(3)
 * Returns: 0 or -ENOMEM.
 */
int program_variables_collect(char ***ret);
