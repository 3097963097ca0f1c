/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts: see mounts.h. */
#include "path/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "path/fold.h"
#include "path/remote.h"

#define NS 1000000000

static bool is_octal(const char *text)
{
	for (int i = 0; i < 3; i++)
		if (text[i] < '0' || text[i] > '7')
			return false;
	return true;
}

/* Blanks and their like are written as three octal digits. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		if (*at == '\\' && is_octal(at + 1)) {
			*to++ = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 |
				       (at[3] - '0'));
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

static int add_mount(struct mounts *mounts, const char *line)
{
	const char *separator = strstr(line, " - ");
	_cleanup_free_ char *root = NULL, *point = NULL;
	unsigned int major, minor;
	struct mount *items;
	char type[64];
	uint64_t id;

	if (!separator || sscanf(separator, " - %63s", type) != 1 ||
	    sscanf(line, "%" SCNu64 " %*u %u:%u %ms %ms", &id, &major, &minor,
		   &root, &point) != 5)
		return -EPROTO;
	items = reallocarray(mounts->items, mounts->count + 1, sizeof(*items));
	if (!items)
		return -ENOMEM;
	mounts->items = items;
	unescape(root);
	unescape(point);
	items[mounts->count++] = (struct mount){
		.id = id,
		.device = makedev(major, minor),
		.root = root,
		.point = point,
		.folds = !fold_never(type),
		.remote = remote_is_type(type),
	};
	root = point = NULL;
	return 0;
}

int mounts_parse(struct mounts *ret, FILE *table)
{
	_cleanup_free_ char *line = NULL;
	size_t room = 0;
	int error = 0;

	*ret = (struct mounts){0};
	while (!error && getline(&line, &room, table) > 0)
		error = add_mount(ret, line);
	if (!error && ferror(table))
		error = -EIO;
	if (error)
		mounts_finish(ret);
	return error;
}

int mounts_read(struct mounts *ret)
{
	FILE *table = fopen("/proc/self/mountinfo", "re");
	int error;

	*ret = (struct mounts){0};
	if (!table)
		return -errno;
	error = mounts_parse(ret, table);
	fclose(table);
	return error;
}

void mounts_finish(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++) {
		free(mounts->items[i].root);
		free(mounts->items[i].point);
	}
	free(mounts->items);
	*mounts = (struct mounts){0};
}

int mounts_open(void)
{
	const int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

bool mounts_changed(int table, int other, bool *ret_readable)
{
	struct pollfd polls[] = {{.fd = table, .events = POLLPRI},
				 {.fd = other, .events = POLLIN}};

	if (poll(polls, 2, 0) < 0) {
		*ret_readable = true;
		return true;
	}
	*ret_readable = polls[1].revents;
	return table < 0 || polls[0].revents;
}

struct mount *mounts_find(const struct mounts *mounts, uint64_t id)
{
	for (size_t i = 0; id && i < mounts->count; i++)
		if (mounts->items[i].id == id)
			return &mounts->items[i];
	return NULL;
}

uint64_t mounts_of(int fd)
{
	struct statx place;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		  &place) < 0 ||
	    !(place.stx_mask & STATX_MNT_ID))
		return 0;
	return place.stx_mnt_id;
}

int mounts_stat(int fd, struct stat *ret, uint64_t *ret_mount,
		int64_t *ret_born)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH,
		  STATX_BASIC_STATS | STATX_MNT_ID | STATX_BTIME, &st) < 0)
		return -errno;
	*ret = (struct stat){
		.st_dev = makedev(st.stx_dev_major, st.stx_dev_minor),
		.st_ino = st.stx_ino,
		.st_mode = st.stx_mode,
		.st_nlink = st.stx_nlink,
		.st_uid = st.stx_uid,
		.st_gid = st.stx_gid,
		.st_rdev = makedev(st.stx_rdev_major, st.stx_rdev_minor),
		.st_size = (off_t)st.stx_size,
		.st_blksize = (blksize_t)st.stx_blksize,
		.st_blocks = (blkcnt_t)st.stx_blocks,
		.st_atim = {st.stx_atime.tv_sec, st.stx_atime.tv_nsec},
		.st_mtim = {st.stx_mtime.tv_sec, st.stx_mtime.tv_nsec},
		.st_ctim = {st.stx_ctime.tv_sec, st.stx_ctime.tv_nsec},
	};
	*ret_mount = st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0;
	*ret_born = st.stx_mask & STATX_BTIME
			    ? st.stx_btime.tv_sec * NS + st.stx_btime.tv_nsec
			    : 0;
	return 0;
}

const char *mounts_after(const char *path, const char *above)
{
	const size_t length = above[1] ? strlen(above) : 0;

	if (strncmp(path, above, length) != 0 ||
	    (path[length] != '/' && path[length] != '\0'))
		return NULL;
	return path + length;
}

int mounts_inner(const struct mount *mount, const char *path,
		 char ret[PATH_MAX])
{
	const char *rest = mounts_after(path, mount->point);
	int length;

	if (!rest)
		return -ENOENT;
	if (strcmp(rest, "/") == 0)
		rest = "";
	length = snprintf(ret, PATH_MAX, "%s%s",
			  mount->root[1] || !*rest ? mount->root : "", rest);
	return length < PATH_MAX ? 0 : -ENAMETOOLONG;
}

bool mounts_may_wait(const struct mounts *mounts, const char *path)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (mounts->items[i].remote &&
		    mounts_after(path, mounts->items[i].point))
			return true;
	return false;
}
