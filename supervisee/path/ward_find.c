// SPDX-License-Identifier: GPL-2.0-or-later
/* The objects of wards: see ward_layout.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "path/plain.h"
#include "path/ward_layout.h"

#define HELD_MAX 128 /* descriptors */

#define KNOWN (STATX_BASIC_STATS | STATX_MNT_ID)

size_t wards_room(const struct wards *wards)
{
	return wards->held < HELD_MAX ? HELD_MAX - wards->held : 0;
}

static void set_suspect(struct wards *wards, ino_t inode)
{
	wards->inodes[inode >> 6 & 15] |= UINT64_C(1) << (inode & 63);
}

/*
 * Opens a path as its rule names it. Whoever serves a file system that may keep
 * us waiting can do so only before the program runs.
 */
static int open_name(const struct wards *wards, const char *path)
{
	int fd;

	if (wards->patient)
		return plain_open(path);
	fd = plain_open_cached(path);
	return fd == -EAGAIN && !mounts_may_wait(&wards->mounts, path)
		       ? plain_open(path)
		       : fd;
}

static void know(struct wards *wards, struct ward *ward, const struct statx *st)
{
	ward->found = true;
	ward->directory = S_ISDIR(st->stx_mode);
	ward->shared = !ward->directory && st->stx_nlink > 1;
	ward->device = makedev(st->stx_dev_major, st->stx_dev_minor);
	ward->inode = st->stx_ino;
	ward->mount = st->stx_mnt_id;
	set_suspect(wards, ward->inode);
}

/* By the whole of the path. Returns: a descriptor, or a negative errno. */
static int find_alone(struct wards *wards, struct ward *ward)
{
	_cleanup_fd_ int fd = open_name(wards, ward->path);
	struct statx st;

	if (fd < 0)
		return fd;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, KNOWN, &st) < 0)
		return -errno;
	know(wards, ward, &st);
	return fd_take(&fd);
}

void ward_hold(struct wards *wards, struct ward *ward)
{
	_cleanup_fd_ int fd = -1;

	if (!ward->found || ward->fd >= 0 || !wards_room(wards))
		return;
	ward->found = false;
	fd = find_alone(wards, ward);
	if (fd < 0)
		return;
	ward->fd = fd_take(&fd);
	wards->held++;
}

/* Whether a path is that of the finder's directory, or beneath it. */
static bool is_in(const struct ward_finder *finder, const char *path,
		  size_t length)
{
	return finder->length && length >= finder->length &&
	       (length == finder->length || path[finder->length] == '/') &&
	       !memcmp(finder->directory, path, finder->length);
}

/* Goes to a directory. */
static void enter(struct ward_finder *finder, const struct wards *wards,
		  const char *path, size_t length)
{
	if (is_in(finder, path, length) &&
	    (finder->absent || length == finder->length))
		return;
	fd_close(finder->fd);
	memcpy(finder->directory, path, length);
	finder->directory[length] = '\0';
	finder->length = length;
	finder->fd = open_name(wards, finder->directory);
	finder->absent = finder->fd == -ENOENT || finder->fd == -ENOTDIR;
	if (finder->fd < 0)
		finder->fd = -1;
}

void ward_find(struct ward_finder *finder, struct wards *wards,
	       struct ward *ward)
{
	const char *slash = strrchr(ward->path, '/');
	const bool waits =
		!wards->patient && mounts_may_wait(&wards->mounts, ward->path);
	struct statx st;

	if (ward_is_virtual(ward))
		return;
	if (!waits && slash > ward->path)
		enter(finder, wards, ward->path, (size_t)(slash - ward->path));
	if (waits || slash == ward->path ||
	    (finder->fd < 0 && !finder->absent)) {
		fd_close(find_alone(wards, ward));
		return;
	}
	if (!finder->absent &&
	    !statx(finder->fd, slash + 1,
		   AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
		   KNOWN, &st) &&
	    !S_ISLNK(st.stx_mode))
		know(wards, ward, &st);
}
