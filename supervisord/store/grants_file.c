/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of an app's grants.
 */
#include "store/grants_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/lock.h"
#include "core/app.h"
#include "store/directory.h"

#define LOCK_DEADLINE_MS 5000

/* Whether nobody but this user could have written it. */
static int check_owner(const struct stat *status)
{
	if (status->st_uid != geteuid() || status->st_mode & 022)
		return -EPERM;
	return 0;
}

static int read_all(int fd, size_t size, char **ret, size_t *ret_length)
{
	_cleanup_free_ char *text = malloc(size + 1);
	size_t length = 0;

	if (!text)
		return -ENOMEM;
	while (length < size) {
		const ssize_t got = read(fd, text + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		length += got;
	}
	*ret_length = length;
	*ret = text;
	text = NULL;
	return 0;
}

static int64_t nanoseconds(const struct statx_timestamp *time)
{
	return time->tv_sec * INT64_C(1000000000) + time->tv_nsec;
}

static int stamp_of(int fd, const char *name, int flags,
		    struct grants_stamp *ret)
{
	struct statx status;

	*ret = (struct grants_stamp){0};
	if (statx(fd, name, flags, STATX_BASIC_STATS | STATX_BTIME, &status) <
	    0)
		return -errno;
	*ret = (struct grants_stamp){
		.exists = true,
		.born = status.stx_mask & STATX_BTIME,
		.device = makedev(status.stx_dev_major, status.stx_dev_minor),
		.inode = status.stx_ino,
		.size = (off_t)status.stx_size,
		.birth = nanoseconds(&status.stx_btime),
		.modified = nanoseconds(&status.stx_mtime),
		.changed = nanoseconds(&status.stx_ctime),
	};
	return 0;
}

int grants_file_stamp(const struct grants_file *file, struct grants_stamp *ret)
{
	const int error =
		stamp_of(file->directory, file->name, AT_SYMLINK_NOFOLLOW, ret);

	return error == -ENOENT ? 0 : error;
}

bool grants_stamp_equal(const struct grants_stamp *a,
			const struct grants_stamp *b)
{
	return a->exists == b->exists && a->born == b->born &&
	       a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && a->birth == b->birth &&
	       a->modified == b->modified && a->changed == b->changed;
}

bool grants_stamp_tells(const struct grants_stamp *stamp)
{
	return !stamp->exists || stamp->born;
}

/* Opens it, if it is there and nobody else's. Returns: a negative errno. */
static int open_data(const struct grants_file *file, int mode)
{
	_cleanup_fd_ int fd =
		openat(file->directory, file->name,
		       mode | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	int error;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	error = check_owner(&status);
	return error ? error : fd_take(&fd);
}

int grants_file_read(const struct grants_file *file, char **ret,
		     size_t *ret_length, struct grants_stamp *ret_stamp)
{
	_cleanup_fd_ int fd = -1;
	int error;

	*ret = NULL;
	*ret_length = 0;
	*ret_stamp = (struct grants_stamp){0};
	fd = open_data(file, O_RDONLY);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	error = stamp_of(fd, "", AT_EMPTY_PATH, ret_stamp);
	if (error)
		return error;
	if (ret_stamp->size > GRANTS_FILE_MAX)
		return -EFBIG;
	error = read_all(fd, (size_t)ret_stamp->size, ret, ret_length);

	return error;
}

int grants_file_lock(const struct grants_file *file)
{
	return lock_wait(file->directory, file->lock, &clock_real,
			 file->wait_ms);
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		const ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		text += written;
		length -= written;
	}
	return 0;
}

int grants_file_remove(const struct grants_file *file)
{
	if (unlinkat(file->directory, file->name, 0) < 0 && errno != ENOENT)
		return -errno;
	return fsync(file->directory) < 0 ? -errno : 0;
}

/* Writes and renames; the lock is held, so the temporary name is ours. */
int grants_file_replace(const struct grants_file *file, const char *text,
			size_t length)
{
	_cleanup_fd_ int fd = -1;
	int error;

	unlinkat(file->directory, file->temporary, 0);
	fd = openat(file->directory, file->temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	error = write_all(fd, text, length);
	if (!error && fsync(fd) < 0)
		error = -errno;
	if (!error && renameat(file->directory, file->temporary,
			       file->directory, file->name) < 0)
		error = -errno;
	if (error) {
		unlinkat(file->directory, file->temporary, 0);
		return error;
	}
	/*
	 * The name is on the disk only now. A failure is told, though the new
	 * file is there: then more is in force than was reported, never less.
	 */
	return fsync(file->directory) < 0 ? -errno : 0;
}

static int write_at(int fd, size_t at, const char *text, size_t length)
{
	while (length > 0) {
		const ssize_t written = pwrite(fd, text, length, (off_t)at);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		text += written;
		at += (size_t)written;
		length -= (size_t)written;
	}
	return 0;
}

int grants_file_append(const struct grants_file *file,
		       const struct grants_stamp *stamp, size_t end,
		       const char *text, size_t length,
		       struct grants_stamp *ret_stamp)
{
	_cleanup_fd_ int fd = open_data(file, O_WRONLY);
	struct grants_stamp now;
	int error;

	if (fd < 0)
		return fd == -ENOENT ? -ESTALE : fd;
	error = stamp_of(fd, "", AT_EMPTY_PATH, &now);
	if (error)
		return error;
	if (!grants_stamp_equal(&now, stamp))
		return -ESTALE;
	if (end + length > GRANTS_FILE_MAX)
		return -ENOSPC;
	/* What was never written to its end. */
	if ((off_t)end < now.size && ftruncate(fd, (off_t)end) < 0)
		return -errno;
	error = write_at(fd, end, text, length);
	if (!error && fdatasync(fd) < 0)
		error = -errno;
	if (!error)
		error = stamp_of(fd, "", AT_EMPTY_PATH, ret_stamp);
	/* Nobody is told of it: it does not count. */
	if (error && ftruncate(fd, (off_t)end) < 0)
		return error;
	return error;
}

/* Returns: a descriptor or a negative errno. */
static int open_directory(const char *path)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int error;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT) {
		error = directory_make_all(path);
		if (error)
			return error;
		fd = open(path,
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	}
	if (fd < 0) {
		error = -errno;
		if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
			return -ELOOP;
		return error;
	}
	if (fstat(fd, &status) < 0)
		return -errno;
	error = check_owner(&status);
	return error ? error : fd_take(&fd);
}

static int make_names(struct grants_file *file, const char *directory,
		      const char *app)
{
	const int error = app_file_name(app, ".jsonl", &file->name);

	if (error)
		return error;
	if (asprintf(&file->temporary, ".%s.new", file->name) < 0)
		file->temporary = NULL;
	if (asprintf(&file->lock, ".%s.lock", file->name) < 0)
		file->lock = NULL;
	if (asprintf(&file->path, "%s/%s", directory, file->name) < 0)
		file->path = NULL;
	return file->temporary && file->lock && file->path ? 0 : -ENOMEM;
}

int grants_file_open(struct grants_file *ret, const char *directory,
		     const char *app)
{
	int result;

	*ret = (struct grants_file){
		.directory = -1,
		.wait_ms = LOCK_DEADLINE_MS,
	};
	result = make_names(ret, directory, app);
	if (result < 0)
		return result;
	result = open_directory(directory);
	ret->directory = result;
	return result < 0 ? result : 0;
}

void grants_file_close(struct grants_file *file)
{
	fd_close(file->directory);
	free(file->name);
	free(file->temporary);
	free(file->lock);
	free(file->path);
}
