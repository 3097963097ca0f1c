/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policies that a run is given by name (--profile NAME): files beneath profiles/
 * in the directory of a user, an administrator or the vendor.
 */
#pragma once

/*
 * Finds the file of a name, the user's before the administrator's before the
 * vendor's.
 * @ret_path: owned by the caller
 * Returns: 0, or a negative errno after one line that says which names there
 * are.
 */
int named_policy_find(const char *name, char **ret_path);
