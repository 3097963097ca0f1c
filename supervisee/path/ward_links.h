/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links: files with several names of which a pattern refuses one. By the others
 * nothing tells what they are, but that one of their names has been seen: so all
 * directories in which a pattern may match are looked through, once there is a
 * file with several names to be judged, one file system at a time.
 *
 * Whoever asks waits for that a while, and then is told to come again: the next
 * one goes on where this one had to stop. What somebody else links after his
 * directory has been read is not seen until rules or mounts change.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/ruleset.h"
#include "path/mounts.h"

/* A file with several names, and the one that a pattern matches. */
struct ward_link {
	dev_t device;
	ino_t inode;
	char *path; /* owned */
};

/* Directories that have not been read yet; owned. */
struct ward_queue {
	char **items;
	size_t count, allocated;
};

struct ward_links {
	struct ward_link *items;
	size_t count, allocated;
	dev_t *devices; /* that are looked through, the last one maybe not yet */
	size_t devices_count;
	struct ward_queue queue; /* of the last */
	uint64_t patterns;	 /* what tells other rules from these */
};

void ward_links_finish(struct ward_links *links);

/*
 * Forgets all where rules about patterns have changed, or mounts.
 * Returns: whether it did.
 */
bool ward_links_reset(struct ward_links *links, const struct ruleset *ruleset,
		      bool mounts_changed);

/*
 * Calls back for each name of a file that has been found.
 * @device: of the file system; a file's own may be another
 * Returns: 0, -EAGAIN, a negative errno, or what the callback returned.
 */
int ward_links_find(struct ward_links *links, const struct ruleset *ruleset,
		    const struct mounts *mounts, dev_t device,
		    const struct ward_link *file,
		    int (*callback)(void *userdata, const char *path),
		    void *userdata);
