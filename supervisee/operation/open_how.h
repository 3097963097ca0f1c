/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a file is to be opened: the flags and the mode of open(2) and its like,
 * read once, and what they mean.
 */
#pragma once

#include "operation/notif.h"

/*
 * Reads flags and mode, and sets what is exposed and whether a fast lookup may
 * be made. Returns: 0 or the negative errno that the call deserves.
 */
int open_how_gather(struct notif *notif);

/* Whether a file is made where none of that name is. */
bool open_how_creates(const struct notif *notif);

/* Whether a file is made that has no name (O_TMPFILE). */
bool open_how_is_nameless(const struct notif *notif);

/* What has to be allowed for a file, or a directory, to be opened so. */
rights_t open_how_rights(const struct notif *notif, bool directory);

/* The same, as access(2) has it. */
int open_how_access(const struct notif *notif);
