/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folding: whether a name could be that of another on a file system that does
 * not tell every two apart: by case (vfat, exfat, ntfs, casefold directories of
 * ext4 and others, whatever fuse(4) serves), by how a character is composed, by
 * dots and blanks at the end, or by a short name ("LETTER~1.TXT").
 *
 * How exactly is each file system's own business, and told by none: what could
 * be the same is taken for the same. Letters that are not of ASCII may fold to
 * any, or to none.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether two names could be one. */
bool fold_same(const char *a, size_t a_length, const char *b, size_t b_length);

/*
 * What a path would be called, too, if it meant what a rule's path does: where
 * it leads beneath that, or above it.
 * @ret: the rule's path and the rest, or the beginning of the rule's path
 * Returns: whether it could, and is not so spelled already.
 */
bool fold_path(const char *rule, const char *path, char ret[PATH_MAX]);

/*
 * The same for a rule's pattern (core/pattern.h).
 * @ret: a path that the pattern matches, and the rest
 */
bool fold_pattern(const char *pattern, const char *path, char ret[PATH_MAX]);

/*
 * Whether a kind of file system is known to tell all names apart.
 * @type: as in proc_pid_mountinfo(5)
 */
bool fold_never(const char *type);
