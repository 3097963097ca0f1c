/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Desktop entries that stand in for those of packages: a copy in the user's
 * directory, with a command before each of its commands.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/* In the group "Desktop Entry" of a copy: what it is a copy of. */
#define ENTRY_SOURCE "X-Landlord-Source"

/*
 * Copies an entry.
 * @prefix: of every command, with a space at its end
 * @source: the path of the original
 * @ret_exec: the command of the entry without the prefix (free(3))
 * @ret_activatable: whether it is started by the session bus instead
 * Returns: 0; -ENODATA when it has no command; -EBUSY when it is such a copy
 *          itself; -ENOMEM or -EIO.
 */
int entry_copy(FILE *from, FILE *to, const char *prefix, const char *source,
	       char **ret_exec, bool *ret_activatable);

/*
 * What an entry is a copy of.
 * Returns: a new string (free(3)), or NULL: it is none.
 */
char *entry_source(const char *path);

/* A command without the codes that stand for files ("%U"). Or NULL. */
char *entry_without_codes(const char *exec);
