/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "~", "$HOME", "$XDG_CONFIG_HOME", "$XDG_DOCUMENTS_DIR" and its like, and what
 * is the program's own (program_variables.h), at the start of a path in a policy
 * file.
 */
#pragma once

#include <stdbool.h>

/*
 * Where the values come from. The environment is the user's, so what an
 * administrator writes is taken from the password database and the defaults of
 * the XDG specification instead: a deny of "~/.ssh" must not move with HOME.
 */
enum expand_source {
	EXPAND_ENVIRONMENT,
	EXPAND_SYSTEM,
};

/*
 * Expands the start of a path and puts it in canonical form: no ".", no doubled
 * or trailing slash; ".." is refused. Symbolic links stay.
 * @program: what variables of the program are; NULL: this process's
 * Returns: 0; -EINVAL with a sentence in *ret_expected (static storage);
 *          -ENOENT when a variable has no value; -EPERM when it comes from a
 *          file that cannot be trusted or read; -ENOMEM.
 */
int expand_path(const char *text, enum expand_source source,
		const char *const *program, char **ret,
		const char **ret_expected);

/* Whether a path begins with a variable that may have no value. */
bool expand_is_optional(const char *text);

/*
 * The value of one variable, without its "$"; a path that is not absolute
 * counts as none.
 * Returns: 0, -EINVAL for an unknown name, -ENOENT without a value, -EPERM,
 *          -ENOMEM.
 */
int expand_variable(const char *name, enum expand_source source,
		    const char *const *program, char **ret);

/*
 * Where HOME, or a directory beneath it, is by default: what EXPAND_SYSTEM
 * comes to when it is the home directory of the password database.
 * Returns: 0, -EINVAL for a name that is no such directory, -ENOMEM.
 */
int expand_default(const char *name, const char *home, char **ret);

/*
 * The file that says where the user's directories of documents and the like
 * are; it need not exist.
 * Returns: 0, -ENOENT without a home directory, -ENOMEM.
 */
int expand_user_dirs(char **ret);
