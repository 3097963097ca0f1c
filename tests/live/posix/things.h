/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is in a world at one moment, and what has changed since.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

#define THINGS_MAX 192
#define THING_PATH_BYTES 640 /* two long names */

struct thing {
	char path[THING_PATH_BYTES];
	struct stat st;
	unsigned int attributes; /* a hash of names and values */
	bool seen;
};

struct things {
	struct thing items[THINGS_MAX];
	size_t count;
};

/*
 * Looks at everything beneath the working directory.
 * @mounts: and at the file systems beside it
 */
void things_take(struct things *things, bool mounts);

/* Makes their times old, so that any later one shows. */
void things_age(const struct things *things);

/* Whether a change right after a look always shows in the times. */
bool things_times_are_fine(void);

/* Where it does not, the kernel's coarse clock has to go on first: waits. */
void things_settle(const struct things *things);

/*
 * Writes what has changed, in one line without its end.
 * Returns: whether anything has.
 */
bool things_compare(struct things *before, const struct things *after,
		    FILE *out);
