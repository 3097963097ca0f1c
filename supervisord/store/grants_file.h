/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of an app's grants: who may own it, how it is locked, read, and
 * replaced as a whole.
 *
 * The lock is a file of its own, since the data file is replaced. It is one for
 * writing, fcntl(2), which only those get who may write: so nobody who can only
 * read it can hold it. It is waited for with a deadline, or not at all: a
 * stopped process that holds it must not stop others.
 * Readers take no lock: they see the old file or the new one.
 */
#pragma once

#include <stddef.h>

#define GRANTS_FILE_MAX (16 * 1024 * 1024)

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
 * Reads it all.
 * @ret: free(3); NULL when there is no file yet
 * Returns: 0, -EPERM, -EINVAL, -EFBIG, or another negative errno.
 */
int grants_file_read(const struct grants_file *file, char **ret,
		     size_t *ret_length);

/*
 * Replaces it; the lock is held. A kill at any point leaves the old file or the
 * new one. Returns: 0: it is on the disk; or a negative errno.
 */
int grants_file_replace(const struct grants_file *file, const char *text,
			size_t length);
