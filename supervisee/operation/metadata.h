/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the operations on metadata share: modes, owners, times, extended
 * attributes and flags of whatever a path or a descriptor leads to.
 *
 * Landlock has no right for these. They are judged as writing to the object;
 * what a program has open for writing it may change without a question. The
 * kernel checks nothing of this again, so it is performed on what is pinned.
 */
#pragma once

#include "operation/notif.h"

/* How a call names its object; from its entry in the table (see call.h). */
enum metadata_empty {
	METADATA_EMPTY_PATH,	   /* AT_EMPTY_PATH: as the path of a dirfd */
	METADATA_EMPTY_DESCRIPTOR, /* likewise, but as an open descriptor; and
				    * NULL is empty */
};

/*
 * Finds out what a call is about: the descriptor of argument 0 where it has no
 * path. Sets notif->exposed.
 * @flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH
 * Returns: STEP_JUDGE; STEP_NATIVE where nobody can exchange a descriptor that
 * is open for writing; or the negative errno that the call deserves.
 */
int metadata_gather(struct notif *notif, uint64_t flags,
		    enum metadata_empty empty);

/*
 * Pins what a path leads to; of a last link with a slash behind it what that
 * leads to, whatever @follow says. Returns: 0 or a negative errno.
 */
int metadata_pin(struct notif *notif, bool follow);

/* Pins the object and names what is needed. Returns: a step, or -errno. */
int metadata_resolve(struct notif *notif);

/* What an owner alone may do, on something that can be changed: 0 or -errno. */
int metadata_check_owner(const struct notif *notif);

/* Whether it can be changed at all: 0 or -EROFS. */
int metadata_check(const struct notif *notif);

/* The object as a path that leads nowhere else. */
const char *metadata_link(const struct notif *notif, char *buffer);
