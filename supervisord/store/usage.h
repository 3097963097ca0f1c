/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often programs of an app were started, and when the last one was. Landlock
 * does not tell by which rule an access was let through, so this is what can be
 * known of the use of a grant: one of an app that was not started is not used.
 *
 * For each app there is a file beside the directory of the grants, to which a
 * start adds one byte: its size is how often, and its time is when.
 */
#pragma once

#include <stdint.h>

struct usage {
	uint64_t starts; /* 0: none is known of */
	/*
	 * Seconds since the epoch. Without a start: since when they are
	 * counted, or INT64_MAX if they are not.
	 */
	int64_t last;
};

/*
 * Notes a start, if grants are kept at all.
 * Returns: 0 or a negative errno: then it is not counted.
 */
int usage_note(const char *grants_dir, const char *app);

/* Reads what was noted. Returns: 0 (also when nothing was) or -errno. */
int usage_read(const char *grants_dir, const char *app, struct usage *ret);

/* Forgets all of it. Returns: 0 or a negative errno. */
int usage_forget(const char *grants_dir, const char *app);
