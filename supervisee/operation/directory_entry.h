/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the operations on directory entries share.
 */
#pragma once

#include <sys/types.h>

#include "operation/notif.h"

/* The right that making an object of this type needs. */
rights_t directory_entry_make_right(mode_t mode);

/* The right that removing an object of this type needs. */
rights_t directory_entry_remove_right(mode_t mode);

/* Whether a pinned name is still that of the pinned object, or of none. */
bool directory_entry_unchanged(const struct pin *pin);

/*
 * Pins a name that is to be created.
 * Returns: STEP_JUDGE, or a negative errno: -EEXIST when it is there, -EACCES,
 * -EROFS, ... when the file system would refuse anyway.
 */
int directory_entry_resolve_new(struct notif *notif, unsigned int which,
				rights_t rights);

/*
 * Pins a name in its directory.
 * Returns: 0, or a negative errno: -EEXIST for "." and its like, which are
 * pinned as what they are.
 */
int directory_entry_pin(struct notif *notif, unsigned int which);

/* 0, or -EROFS where nothing can be changed. */
int directory_entry_check_read_only(const struct pin *pin);

/* The user of the calling step, which runs as the target; whether that user
 * owns all files. */
uid_t directory_entry_target(void);
bool directory_entry_owns_all(void);

/* Whether a sticky directory keeps the target from removing what is there. */
bool directory_entry_is_stuck(const struct pin *pin);

/* Whether the target may change the directory of a pinned name; 0 or -errno. */
int directory_entry_check_writable(const struct pin *pin);

/* The same of the first pin: see struct operation. */
int directory_entry_check(const struct notif *notif);
