/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the name of a file says of how long it will have it.
 */
#pragma once

#include <stdbool.h>

enum name_kind {
	NAME_PLAIN,
	NAME_VERSIONED, /* "app-1.2.3": another one after an update */
	NAME_TEMPORARY, /* "tmp.Xa81Kq", "7f3a90b2c1", "x.4711": a new one
			 * each time */
};

/*
 * @name: one component of a path
 * @passing: it is in a directory for what does not stay, such as /tmp, where
 *           less will do to take it for a name that was made at random
 */
enum name_kind name_kind(const char *name, bool passing);

/*
 * Puts an asterisk in the place of each part that does not stay: "app-*",
 * "job.*", "*.o". Of one name and its next the pattern is the same.
 * @name: rewritten; it never gets longer
 */
void name_pattern(char *name, bool passing);
