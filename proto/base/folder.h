/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders: the names in a directory, read at once. That is cheaper than looking
 * up many names of which most do not exist.
 *
 * A name that is not listed does not exist. That holds only where the kernel
 * alone keeps the directory, distinguishes all names and hides none; and a
 * directory with very many names costs more to read than to ask about.
 * Elsewhere there is no folder, and each name has to be looked up.
 */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

struct folder;

enum folder_kind {
	FOLDER_NOTHING, /* no such name */
	FOLDER_LINK,	/* symbolic */
	FOLDER_OTHER,
	FOLDER_UNKNOWN, /* there is something, or nobody knows */
};

/*
 * Reads a directory.
 * @at, @path: as openat(2) takes them; a link at the end is not followed
 * Returns: 0; -EOPNOTSUPP: there is no folder; or another negative errno.
 */
int folder_read(struct folder **ret, int at, const char *path);

/* Takes NULL, and returns it. */
struct folder *folder_free(struct folder *folder);

/*
 * What a name was when the directory was read.
 * @folder: NULL: nobody knows
 */
enum folder_kind folder_find(const struct folder *folder, const char *name,
			     size_t length);
