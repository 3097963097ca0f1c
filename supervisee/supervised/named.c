/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a denial is about, by name: see named.h. */
#include "supervised/named.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/landlock.h"
#include "path/plain.h"

#define DELETED " (deleted)"

static int read_path(int fd, struct named_file *ret)
{
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, ret->path, sizeof(ret->path));
	if (length < 0)
		return -errno;
	if (length == sizeof(ret->path))
		return -ENAMETOOLONG;
	if (ret->path[0] != '/')
		return -ENOENT;
	ret->path[length] = '\0';
	ret->length = (size_t)length;
	return 0;
}

/* What has no name any more goes by its last one. */
static void strip_deleted(int fd, struct named_file *file)
{
	const size_t length = strlen(DELETED);
	struct stat st;

	if (file->length > length && !fstat(fd, &st) && !st.st_nlink &&
	    strcmp(file->path + file->length - length, DELETED) == 0) {
		file->length -= length;
		file->path[file->length] = '\0';
	}
}

static int append(struct named_file *file, const char *name)
{
	const bool root = file->length == 1;
	const size_t length = strlen(name);

	if (file->length + 1 + length >= sizeof(file->path))
		return -ENAMETOOLONG;
	if (!root)
		file->path[file->length++] = '/';
	memcpy(file->path + file->length, name, length + 1);
	file->length += length;
	return 0;
}

/* Where files have numbers of a device that is not their file system's. */
static bool is_overlay(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == OVERLAYFS_SUPER_MAGIC;
}

static bool same_mount(int a, int b)
{
	struct statx sa, sb;

	return !statx(a, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		      &sa) &&
	       !statx(b, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		      &sb) &&
	       sa.stx_mask & sb.stx_mask & STATX_MNT_ID &&
	       sa.stx_mnt_id == sb.stx_mnt_id;
}

static bool is_it(int fd, const struct denial_file *file)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_ino != file->inode)
		return false;
	return st.st_dev == file->device ||
	       (is_overlay(fd) && same_mount(fd, file->directory));
}

/* The object itself, if it still has its name. */
static int open_object(const struct denial_file *file)
{
	_cleanup_fd_ int fd = -1;

	if (!file->inode || file->directory < 0)
		return -1;
	if (file->flags & (LANDLOCK_PATH_SELF | LANDLOCK_PATH_UNNAMED))
		return fcntl(file->directory, F_DUPFD_CLOEXEC, 0);
	fd = openat(file->directory, file->name,
		    O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 && is_it(fd, file) ? fd_take(&fd) : -1;
}

/*
 * Whether a directory's path leads to it, for us: not in a mount of another
 * namespace, or in one that is attached nowhere.
 */
static bool leads_there(const char *path, int directory)
{
	_cleanup_fd_ int fd = plain_open(path);
	struct stat found, meant;

	return fd >= 0 && !fstat(fd, &found) && !fstat(directory, &meant) &&
	       found.st_dev == meant.st_dev && found.st_ino == meant.st_ino;
}

static int name_by_text(const struct denial_file *file, struct named_file *ret)
{
	const size_t length = file->text ? strlen(file->text) : 0;

	if (!length || length >= sizeof(ret->path) || file->text[0] != '/')
		return -EACCES;
	memcpy(ret->path, file->text, length + 1);
	ret->length = length;
	return *file->name ? append(ret, file->name) : 0;
}

/* @ret_lost: its path is not its own */
static int name_file(const struct denial_file *file, struct named_file *ret,
		     bool *ret_lost)
{
	const bool self = file->flags & LANDLOCK_PATH_SELF;
	int error;

	if (file->directory < 0)
		return name_by_text(file, ret);
	error = read_path(file->directory, ret);
	if (error)
		return error;
	if (self)
		strip_deleted(file->directory, ret);
	else
		*ret_lost = !leads_there(ret->path, file->directory);
	ret->fd = open_object(file);
	return *file->name ? append(ret, file->name) : 0;
}

static void need_file(struct accesses *accesses,
		      const struct denial_object *object,
		      struct named_file *file)
{
	const struct object path = {
		.type = OBJECT_PATH,
		.bytes = file->path,
		.length = file->length,
	};
	struct need *need = accesses_need(accesses, &path, object->missing);
	struct stat st;

	/* It is reached by its path, whatever scope it is in. */
	if (need->rights & RIGHT_FS_RESOLVE_UNIX)
		need->rights |= RIGHT_SCOPE_PATHNAME_UNIX_SOCKET;
	need->place = file->fd >= 0 ? file->fd : object->file.directory;
	if (file->fd >= 0 && !fstat(file->fd, &st)) {
		need->device = st.st_dev;
		need->inode = st.st_ino;
	}
}

static void need_port(struct accesses *accesses, rights_t rights, uint16_t port)
{
	const struct object object = {.type = OBJECT_PORT, .port = port};

	accesses_need(accesses, &object, rights);
}

/* What gets another name, or one more. */
static void note_move(struct accesses *accesses, const struct denial *denial)
{
	if (denial->operation != LANDLOCK_OPERATION_RENAME &&
	    denial->operation != LANDLOCK_OPERATION_EXCHANGE &&
	    denial->operation != LANDLOCK_OPERATION_LINK)
		return;
	accesses->reparents = true;
	accesses->exchanges = denial->operation == LANDLOCK_OPERATION_EXCHANGE;
	for (size_t i = 0; i < denial->count; i++)
		accesses->directories[i] =
			S_ISDIR(denial->objects[i].file.mode);
}

int named_of_denial(const struct denial *denial,
		    struct named_file ret_files[DENIAL_OBJECTS_MAX],
		    struct accesses *ret)
{
	bool lost = false;
	int error = 0;

	accesses_init(ret);
	for (size_t i = 0; i < DENIAL_OBJECTS_MAX; i++) {
		ret_files[i].length = 0;
		ret_files[i].fd = -1;
	}
	for (size_t i = 0; !error && i < denial->count; i++) {
		const struct denial_object *object = &denial->objects[i];

		if (object->has_file) {
			error = name_file(&object->file, &ret_files[i], &lost);
			if (!error)
				need_file(ret, object, &ret_files[i]);
		} else if (denial->has_port) {
			need_port(ret, object->missing, denial->port);
		} else {
			error = -EACCES;
		}
	}
	note_move(ret, denial);
	if (lost) {
		ret->impossible = true;
		ret->reason = "it lies where its path is not its own, so that "
			      "nothing tells which rules are about it";
	}
	return error || ret->count ? error : -EACCES;
}

void named_finish(struct named_file files[DENIAL_OBJECTS_MAX])
{
	for (size_t i = 0; i < DENIAL_OBJECTS_MAX; i++)
		files[i].fd = fd_close(files[i].fd);
}
