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

/*
 * Says that there is one for an app, unless the user or the administrator has
 * written a policy file of its own for it. It is not for us to choose it: a name
 * is all that is known of a program.
 */
void named_policy_offer(const char *app);
