/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path that the kernel will see for a path in a rule, and what is passed on
 * the way there.
 */
#pragma once

#include <sys/stat.h>

/* Whose symbolic links are followed. */
enum resolve_links {
	RESOLVE_ALL,
	/*
	 * Root's only, and for root itself only those of the installed system.
	 * A rule that allows must not follow a link that a supervised program
	 * could point elsewhere before the next load.
	 */
	RESOLVE_ROOTS,
};

/*
 * Follows the symbolic links of a canonical path as far as it exists; what does
 * not exist is appended unchanged.
 * Returns: 0; -EPERM for a link that must not be followed; -ELOOP; -ENOMEM;
 *          -ENAMETOOLONG.
 */
int resolve_path(const char *path, enum resolve_links links, char **ret);

/*
 * As resolve_path() with RESOLVE_ALL, and tells of each name on the way, in
 * order, and of links before they are followed.
 * @visit: @path is canonical and has no link above its last name; @status is
 *         NULL for a name that does not exist. A negative errno that it returns
 *         ends the walk.
 * Returns: as resolve_path(); or what @visit returned. @ret may be NULL.
 */
typedef int (*resolve_visit_fn)(void *userdata, const char *path,
				const struct stat *status);
int resolve_visit(const char *path, resolve_visit_fn visit, void *userdata,
		  char **ret);
