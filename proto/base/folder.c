/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names in directories: see folder.h.
 */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include "base/fd.h"

#ifndef FS_CASEFOLD_FL
#define FS_CASEFOLD_FL 0x40000000
#endif

/* Some thousand names. Records begin at multiples of 8, so that where one does
 * fits into 16 bits. */
#define BYTES_MAX 32768
#define UNIT 8

struct folder {
	size_t mask;	 /* of the table */
	uint16_t *table; /* by hash: where a record begins, and 1; 0: nothing */
	char *records;	 /* as the kernel gave them */
};

/* Whether there is nobody to ask but the kernel, and it says everything. */
static bool is_complete(int fd)
{
	static const uint32_t types[] = {
		EXT4_SUPER_MAGIC, BTRFS_SUPER_MAGIC, XFS_SUPER_MAGIC,
		F2FS_SUPER_MAGIC, TMPFS_MAGIC,
	};
	struct statfs status;
	unsigned int flags = 0;
	bool known = false;

	if (fstatfs(fd, &status) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		known = known || (uint32_t)status.f_type == types[i];
	if (!known || (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0 &&
		       errno != ENOTTY && errno != EOPNOTSUPP))
		return false;
	return !(flags & FS_CASEFOLD_FL);
}

/* FNV-1a. */
static size_t hash(const char *name, size_t length)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static const struct dirent64 *record_at(const struct folder *folder,
					size_t unit)
{
	/* The kernel aligns them. */
	return (const void *)(folder->records + unit * UNIT);
}

static void fill(struct folder *folder, size_t length)
{
	const struct dirent64 *record;

	for (size_t at = 0; at < length; at += record->d_reclen) {
		size_t slot;

		record = record_at(folder, at / UNIT);
		slot = hash(record->d_name, strlen(record->d_name));
		while (folder->table[slot & folder->mask])
			slot++;
		folder->table[slot & folder->mask] = (uint16_t)(at / UNIT + 1);
	}
}

/* Returns: how many bytes there are; -EOPNOTSUPP for more than can be held. */
static ssize_t read_records(int fd, char records[static BYTES_MAX])
{
	char more[sizeof(struct dirent64)];
	size_t length = 0;
	ssize_t count;

	do {
		const size_t room = BYTES_MAX - length;
		const bool full = room < sizeof(more);

		count = getdents64(fd, full ? more : records + length,
				   full ? sizeof(more) : room);
		if (count > 0 && full)
			return -EOPNOTSUPP;
		length += count > 0 ? (size_t)count : 0;
	} while (count > 0);
	return count < 0 ? -errno : (ssize_t)length;
}

int folder_read(struct folder **ret, int at, const char *path)
{
	_cleanup_fd_ int fd = openat(at, path,
				     O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					     O_NONBLOCK | O_CLOEXEC);
	_cleanup_free_ char *records = NULL;
	struct folder *folder;
	size_t room = 16;
	ssize_t length;

	if (fd < 0)
		return -errno;
	if (!is_complete(fd))
		return -EOPNOTSUPP;
	records = malloc(BYTES_MAX);
	if (!records)
		return -ENOMEM;
	length = read_records(fd, records);
	if (length < 0)
		return (int)length;
	/* A record takes 24 bytes at least: a quarter is always free. */
	while (room * 16 < (size_t)length)
		room *= 2;
	folder = calloc(1, sizeof(*folder) + room * sizeof(*folder->table) +
				   (size_t)length);
	if (!folder)
		return -ENOMEM;
	folder->mask = room - 1;
	folder->records = (char *)(folder + 1);
	folder->table = (uint16_t *)(folder->records + length);
	memcpy(folder->records, records, (size_t)length);
	fill(folder, (size_t)length);
	*ret = folder;
	return 0;
}

struct folder *folder_free(struct folder *folder)
{
	free(folder);
	return NULL;
}

static enum folder_kind kind_of(const struct dirent64 *record)
{
	switch (record->d_type) {
	case DT_UNKNOWN:
		return FOLDER_UNKNOWN;
	case DT_LNK:
		return FOLDER_LINK;
	default:
		return FOLDER_OTHER;
	}
}

enum folder_kind folder_find(const struct folder *folder, const char *name,
			     size_t length)
{
	const struct dirent64 *record;
	size_t slot = hash(name, length), unit;

	if (!folder)
		return FOLDER_UNKNOWN;
	for (; (unit = folder->table[slot & folder->mask]); slot++) {
		record = record_at(folder, unit - 1);
		if (strncmp(record->d_name, name, length) == 0 &&
		    !record->d_name[length])
			return kind_of(record);
	}
	return FOLDER_NOTHING;
}
