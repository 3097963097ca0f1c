/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * App names as file names.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>

/*
 * Makes the name of a file of an app: letters, digits and "+-._@" stay, but
 * for a leading dot; every other byte becomes %XX, so that two names never
 * share a file and none leaves its directory.
 * Returns: 0, -EINVAL for an empty name, -ENAMETOOLONG, -ENOMEM.
 */
int app_file_name(const char *app, const char *suffix, char **ret);

/*
 * The app whose file has a name.
 * @suffix: what the name ends with, in which no byte is written otherwise
 * Returns: false when it is none that app_file_name() would give.
 */
bool app_of_file(const char *file, const char *suffix, char ret[NAME_MAX + 1]);
