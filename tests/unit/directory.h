/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory for one test, with files made from strings.
 */
#pragma once

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The path of @name in the directory; valid until the fourth call from now. */
static inline const char *directory_path(const char *directory,
					 const char *name)
{
	static char paths[4][4096];
	static unsigned int next;
	char *const path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

static inline char *directory_make(void)
{
	char *const path = strdup("/tmp/landlord-unit-XXXXXX");

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(chmod(path, 0755), 0);
	return path;
}

/* Writes bytes to a file, making the directories above it. */
static inline void directory_write_bytes(const char *directory,
					 const char *name, const char *bytes,
					 size_t length)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s", directory_path(directory, name));
	for (char *slash = path + strlen(directory) + 1;
	     (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(bytes, 1, length, out), length);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
}

static inline void directory_write(const char *directory, const char *name,
				   const char *text)
{
	directory_write_bytes(directory, name, text, strlen(text));
}

static inline int directory_remove_entry(const char *path,
					 const struct stat *status, int type,
					 struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void directory_remove(char *directory)
{
	nftw(directory, directory_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(directory);
}
