/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path that the kernel will see for a path in a rule.
 */
#pragma once

/* Whose symbolic links are followed. */
enum resolve_links {
	RESOLVE_ALL,
	/*
	 * Root's only. A rule that allows must not follow a link that a
	 * supervised program could point elsewhere before the next load.
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
