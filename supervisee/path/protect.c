/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Directories that many share: see protect.h. */
#include "path/protect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"

#ifndef ST_NOSYMFOLLOW
#define ST_NOSYMFOLLOW 0x2000 /* Linux 5.10 */
#endif

#define OVERFLOW_UID 65534 /* stands for every user that has no number here */
#define STRICTEST 2

/* A setting of the moment. */
static int setting(const char *name)
{
	char path[64], text[16] = "";
	_cleanup_fd_ int fd = -1;

	snprintf(path, sizeof(path), "/proc/sys/fs/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return STRICTEST;
	return atoi(text);
}

static bool is_mapped(unsigned int uid)
{
	FILE *map = fopen("/proc/self/uid_map", "re");
	unsigned int first, outside, count;
	bool found = false;

	while (map && !found &&
	       fscanf(map, "%u %u %u", &first, &outside, &count) == 3)
		found = uid >= first && uid - first < count;
	if (map)
		fclose(map);
	return found;
}

/* Two users without a number need not be the same. */
static bool is_same(uid_t a, uid_t b)
{
	return a == b && (a != OVERFLOW_UID || is_mapped(a));
}

/* It never fails, and says who it was. */
static uid_t target(void)
{
	return (uid_t)syscall(SYS_setfsuid, -1);
}

static int check_link(int directory, const struct stat *st)
{
	const mode_t shared = S_ISVTX | S_IWOTH;
	struct stat where;

	if (is_same(st->st_uid, target()))
		return 0;
	if (fstat(directory, &where) < 0)
		return -errno;
	if ((where.st_mode & shared) != shared ||
	    is_same(where.st_uid, st->st_uid) || !setting("protected_symlinks"))
		return 0;
	return -EACCES;
}

int protect_follow(int directory, int link, const struct stat *st, bool last)
{
	struct statfs fs;
	const int error = last ? check_link(directory, st) : 0;

	if (error)
		return error;
	if (fstatfs(link, &fs) < 0)
		return -errno;
	return fs.f_flags & ST_NOSYMFOLLOW ? -ELOOP : 0;
}

bool protect_concerns(const struct stat *st)
{
	return !is_same(st->st_uid, target());
}

/* How much such an object is protected; other kinds than these always are. */
static int level(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return setting("protected_regular");
	if (S_ISFIFO(st->st_mode))
		return setting("protected_fifos");
	return 1;
}

int protect_create(int directory, const struct stat *st)
{
	struct stat where;
	int protection;

	if (fstat(directory, &where) < 0)
		return -errno;
	if (!(where.st_mode & S_ISVTX) || !protect_concerns(st) ||
	    is_same(st->st_uid, where.st_uid))
		return 0;
	protection = level(st);
	if (protection && (where.st_mode & S_IWOTH))
		return -EACCES;
	return protection > 1 && (where.st_mode & S_IWGRP) ? -EACCES : 0;
}
