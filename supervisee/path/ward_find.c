/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects of wards: see ward_layout.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/fd.h"
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
	_cleanup_fd_ int fd =
		ward_way_open(wards, AT_FDCWD, ward->path, ward->path);
	struct statx st;

	if (fd < 0)
		return fd;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, KNOWN, &st) < 0)
		return -errno;
	know(wards, ward, &st);
	return fd_take(&fd);
}

static void hold(struct wards *wards, struct ward *ward, int fd)
{
	ward->fd = fd;
	wards->held++;
}

void ward_hold(struct wards *wards, struct ward *ward)
{
	int fd;

	if (!ward->found || ward->fd >= 0 || !wards_room(wards))
		return;
	ward->found = false;
	fd = find_alone(wards, ward);
	if (fd >= 0)
		hold(wards, ward, fd);
}

void ward_let_go(struct wards *wards, struct ward *ward)
{
	wards->held -= ward->fd >= 0;
	ward->fd = fd_close(ward->fd);
}

/* Whether there may be an object with a name in a directory. */
static bool is_there(const struct ward_level *directory, const char *name)
{
	const enum folder_kind kind =
		folder_find(directory->folder, name, strlen(name));

	return !directory->absent && kind != FOLDER_NOTHING &&
	       kind != FOLDER_LINK;
}

/* Returns: a descriptor; -ENODATA without one; another negative errno: there is
 * nothing. */
static int find_in(int directory, const char *name, struct wards *wards,
		   struct ward *ward, bool opens)
{
	_cleanup_fd_ int fd = -1;
	struct statx st;

	if (opens) {
		fd = ward_way_open(wards, directory, name, ward->path);
		if (fd < 0)
			return fd;
	}
	if (statx(opens ? fd : directory, opens ? "" : name,
		  AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC |
			  (opens ? AT_EMPTY_PATH : 0),
		  KNOWN, &st) < 0 ||
	    S_ISLNK(st.stx_mode))
		return -ENOENT;
	know(wards, ward, &st);
	return opens ? fd_take(&fd) : -ENODATA;
}

void ward_find(const struct ward_level *above, struct wards *wards,
	       struct ward *ward, bool holds)
{
	const char *name = strrchr(ward->path, '/') + 1;
	int fd;

	holds = holds && wards_room(wards);
	if (ward_is_virtual(ward))
		return;
	if (!above || !*name || (above->fd < 0 && !above->absent) ||
	    (!wards->patient && mounts_may_wait(&wards->mounts, ward->path)))
		fd = find_alone(wards, ward);
	else if (!is_there(above, name))
		return;
	else
		fd = find_in(above->fd, name, wards, ward, holds);
	if (fd >= 0 && holds)
		hold(wards, ward, fd);
	else
		fd_close(fd);
}
