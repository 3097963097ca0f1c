/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount namespaces of our own, for a short-lived process that wants names to
 * lead where they do for nobody else.
 *
 *	mount_namespace_enter(&guest)
 *	... clones of what shall be seen, by open_tree(2) ...
 *	root = mount_namespace_cover()	nothing has a name any more
 *	... move_mount(2) of the clones beneath @root ...
 */
#pragma once

#include <stdbool.h>

/*
 * Leaves the mounts of all others: what they mount and unmount later is seen,
 * what we do is not.
 * @ret_guest: in a user namespace of its own, too, since that takes a privilege;
 * nobody is anybody else than before in it
 * Returns: 0 or a negative errno; then the caller may be half inside.
 */
int mount_namespace_enter(bool *ret_guest);

/*
 * Leaves them as a guest of a user namespace in any case, so that whoever we are
 * without privileges may enter this one again (setns(2)), from outside.
 * Returns: the same.
 */
int mount_namespace_enter_as_guest(void);

/*
 * Puts an empty file system in memory where the root was, as the root of the
 * caller. Returns: its directory (O_CLOEXEC), or a negative errno.
 */
int mount_namespace_cover(void);
