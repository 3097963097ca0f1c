/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounts: by which names a file system is reached. What lies in one of them can
 * be compared by where it is in the file system itself, whatever the mount's
 * own name, and however much of the file system it shows.
 *
 * Source: proc_pid_mountinfo(5).
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "core/right.h"

struct mount {
	uint64_t id;
	dev_t device; /* of the file system; a file's own may be another */
	char *root;   /* what is mounted, in the file system */
	char *point;  /* where */
	bool folds;   /* it may not tell every two names apart */
	bool remote;  /* it may keep who uses it waiting */
	/* Of the owner of the table; false when it is read. */
	bool concerned, plain;
	rights_t reached; /* what patterns may refuse in it */
};

struct mounts {
	struct mount *items;
	size_t count;
};

/* Reads the mounts of the moment. Returns: 0, or a negative errno: none. */
int mounts_read(struct mounts *ret);
/* The same of a table that is open. */
int mounts_parse(struct mounts *ret, FILE *table);
void mounts_finish(struct mounts *mounts);

/* Opens the table to be told of changes: see mounts_changed(). */
int mounts_open(void);

/*
 * Whether a mount was made, moved or taken away since this was asked last, or
 * since the table was opened. A number is given to another mount as soon as
 * nobody has the first: what a table says of one that is open is true if it was
 * read after that, and this says no.
 * @table: of mounts_open(); negative: there was none, and all may have changed
 * @other: a descriptor that is looked at with the same call; negative: none
 * @ret_readable: whether that one can be read
 */
bool mounts_changed(int table, int other, bool *ret_readable);

/* The mount with a number; NULL: it is not (any more) in the table. */
struct mount *mounts_find(const struct mounts *mounts, uint64_t id);

/* The number of the mount in which something lies; 0: nobody knows. */
uint64_t mounts_of(int fd);

/*
 * As fstat(2), the same number, and the time of birth in nanoseconds (0: nobody
 * knows), with one call.
 * Returns: 0 or a negative errno.
 */
int mounts_stat(int fd, struct stat *ret, uint64_t *ret_mount,
		int64_t *ret_born);

/*
 * Where a path leads in the file system.
 * @path: canonical, and in this mount
 * Returns: 0, -ENOENT when it is not, -ENAMETOOLONG.
 */
int mounts_inner(const struct mount *mount, const char *path,
		 char ret[PATH_MAX]);

/* Whether who follows a path may be kept waiting, as far as the names say. */
bool mounts_may_wait(const struct mounts *mounts, const char *path);

/* What comes after a path in another one; NULL: that is not at or beneath. */
const char *mounts_after(const char *path, const char *above);
