/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Projects: directories under version control.
 */
#pragma once

/*
 * The nearest directory above a path that is one; a bounded number is looked at,
 * with our own rights. Returns: a new string (free(3)), or NULL: none.
 */
char *project_above(const char *path);

/*
 * The project that a directory is in or is itself.
 * Returns: its canonical path (free(3)), or NULL: none.
 */
char *project_of(const char *directory);
