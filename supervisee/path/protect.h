/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel protects its users from in directories that they share: links
 * and files that somebody else has put there, proc_sys_fs(5); and file systems
 * that are mounted with nosymfollow.
 *
 * It does so while it resolves a path. Where a link is followed by its text, or
 * a file opened again by what it is, these functions say what the kernel would
 * have said, to whoever runs them; where it cannot be known they refuse.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Whether a symbolic link may be followed.
 * @directory: where it lies
 * @link: the link itself (O_PATH), and @st what it is
 * @last: it is the last name of the path, or of the text of such a link
 * Returns: 0, -EACCES (protected_symlinks), -ELOOP (nosymfollow), ...
 */
int protect_follow(int directory, int link, const struct stat *st, bool last);

/* Whether protect_create() could refuse it at all. */
bool protect_concerns(const struct stat *st);

/*
 * Whether what is there already may be opened by a call that would create it.
 * Returns: 0, -EACCES (protected_regular, protected_fifos), ...
 */
int protect_create(int directory, const struct stat *st);
