/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path that the kernel will see for a path in a rule, and what is passed on
 * the way there.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "base/folder.h"

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
 * What was seen of directories, and of names that others would be beneath,
 * while many paths are resolved at one time: most have the same directories
 * above them. Zero it to start; where one can be given, NULL is none.
 */
#define RESOLVE_BUCKETS 64
struct resolve_memo {
	struct resolve_seen *buckets[RESOLVE_BUCKETS];
};

void resolve_forget(struct resolve_memo *memo);

/*
 * Reads the names in a directory at once, as many of them will be looked at.
 * @directory: without links, or nothing is read
 */
void resolve_list(struct resolve_memo *memo, const char *directory);

/*
 * Whether a name stands for nothing, or for no link, if its directory was read
 * at once; else FOLDER_UNKNOWN.
 */
enum folder_kind resolve_kind(struct resolve_memo *memo, const char *path);

/*
 * lstat(2), answered by what was seen where that is possible.
 * @directory: names beneath it will be looked at, too
 * Returns: 0 or a negative errno.
 */
int resolve_look(struct resolve_memo *memo, const char *path, bool directory,
		 struct stat *ret);

/*
 * Follows the symbolic links of a canonical path as far as it exists; what does
 * not exist is appended unchanged.
 * Returns: 0; -EPERM for a link that must not be followed; -ELOOP; -ENOMEM;
 *          -ENAMETOOLONG.
 */
int resolve_path(struct resolve_memo *memo, const char *path,
		 enum resolve_links links, char **ret);

/*
 * Whether a resolved path passes a link in /proc, as "/proc/self" and
 * "/proc/net". Those lead each process elsewhere and are not followed; nobody's
 * access is about such a name.
 */
bool resolve_is_of_process(const char *path);

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
int resolve_visit(struct resolve_memo *memo, const char *path,
		  resolve_visit_fn visit, void *userdata, char **ret);
