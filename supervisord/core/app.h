/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * App names as file names.
 */
#pragma once

/*
 * Makes the name of a file of an app: letters, digits and "+-._@" stay, but
 * for a leading dot; every other byte becomes %XX, so that two names never
 * share a file and none leaves its directory.
 * Returns: 0, -EINVAL for an empty name, -ENAMETOOLONG, -ENOMEM.
 */
int app_file_name(const char *app, const char *suffix, char **ret);
