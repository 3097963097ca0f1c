/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of an app's grants: who may own it, how it is locked, read, replaced
 * as a whole, and appended to.
 *
 * The lock is a file of its own, since the data file is replaced. It is one for
 * writing, fcntl(2), which only those get who may write: so nobody who can only
 * read it can hold it. It is waited for with a deadline, or not at all: a
 * stopped process that holds it must not stop others.
 * Readers take no lock: they see the old file or the new one, or the beginning
 * of a line that is being appended.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* More than a million grants. */
#define GRANTS_FILE_MAX (512 * 1024 * 1024)

struct grants_file {
	int directory;
	char *name; /* of the file in its directory */
	char *temporary;
	char *lock;
	char *path;  /* for errors */
	int wait_ms; /* for the lock */
};

/*
 * Makes the directory (0700) if it is missing; the file need not exist.
 * Returns: 0, or a negative errno as grants_open(); in either case it is to be
 *          closed.
 */
int grants_file_open(struct grants_file *ret, const char *directory,
		     const char *app);
void grants_file_close(struct grants_file *file);

/*
 * Returns: a descriptor that holds the lock until it is closed, -EBUSY when
 * another process holds it for as long as it is waited for, or another negative
 * errno.
 */
int grants_file_lock(const struct grants_file *file);

/*
 * Which file it is, and since when: two are equal if nobody has written in
 * between. A file that is not there has one, too.
 */
struct grants_stamp {
	bool exists, born; /* @birth is known */
	dev_t device;
	ino_t inode;
	off_t size;
	int64_t birth, modified, changed; /* nanoseconds since the epoch */
};

bool grants_stamp_equal(const struct grants_stamp *a,
			const struct grants_stamp *b);

/* Whether it can be told from that of a file that got the same number. */
bool grants_stamp_tells(const struct grants_stamp *stamp);

/* Returns: 0 or a negative errno. */
int grants_file_stamp(const struct grants_file *file, struct grants_stamp *ret);

/*
 * Reads it all.
 * @ret: free(3); NULL when there is no file yet
 * @ret_stamp: of what was read
 * Returns: 0, -EPERM, -EINVAL, -EFBIG, or another negative errno.
 */
int grants_file_read(const struct grants_file *file, char **ret,
		     size_t *ret_length, struct grants_stamp *ret_stamp);

/*
 * Replaces it; the lock is held. A kill at any point leaves the old file or the
 * new one. Returns: 0: it is on the disk; or a negative errno.
 */
int grants_file_replace(const struct grants_file *file, const char *text,
			size_t length);

/* Removes it; the lock is held. Returns: 0, or a negative errno. */
int grants_file_remove(const struct grants_file *file);

/*
 * Appends to it; the lock is held. A kill at any point leaves what was there,
 * and maybe the beginning of @text.
 * @stamp: of the file that is meant
 * @end: where what is worth keeping ends
 * @ret_stamp: of the file as it is then
 * Returns: 0: it is on the disk; -ESTALE: it is another file; -ENOSPC: it would
 *          be too long; or another negative errno: as if it had not been tried,
 *          as far as that can be.
 */
int grants_file_append(const struct grants_file *file,
		       const struct grants_stamp *stamp, size_t end,
		       const char *text, size_t length,
		       struct grants_stamp *ret_stamp);
