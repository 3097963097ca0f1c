/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Root looks at what another user has: as that user, so that nothing in a home
 * directory leads root elsewhere.
 */
#pragma once

#include <stdbool.h>

/*
 * Becomes a user, for good, with the places that a login gives.
 * Returns: 0; -ENOENT: there is none of that name; -EPERM: only root can; or
 *          another negative errno.
 */
int as_user(const char *name);

/*
 * Calls back in a process of its own as each user who keeps grants in the usual
 * place of his or her home directory.
 * @callback: Returns: the exit status of the process
 * Returns: 0; -EPERM: only root can; -EIO: for some it did not go well; or
 *          another negative errno.
 */
int as_every_user(int (*callback)(void *userdata, const char *name),
		  void *userdata);
