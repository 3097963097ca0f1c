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
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/lock.h"
#include "core/app.h"
#include "store/directory.h"

#define LOCK_DEADLINE_MS 5000
#define LOCK_RETRY_MS 5

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

int grants_file_read(const struct grants_file *file, char **ret,
		     size_t *ret_length)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int result;

	*ret = NULL;
	*ret_length = 0;
	fd = openat(file->directory, file->name,
		    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	result = check_owner(&status);
	if (result < 0)
		return result;
	if (status.st_size > GRANTS_FILE_MAX)
		return -EFBIG;
	return read_all(fd, status.st_size, ret, ret_length);
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

int grants_file_lock(const struct grants_file *file)
{
	static const struct timespec pause = {0, LOCK_RETRY_MS * 1000000};
	const int64_t deadline = milliseconds() + file->wait_ms;
	int fd;

	while ((fd = lock_take(file->directory, file->lock)) == -EBUSY &&
	       milliseconds() < deadline)
		nanosleep(&pause, NULL);
	return fd;
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

/* Writes and renames; the lock is held, so the temporary name is ours. */
int grants_file_replace(const struct grants_file *file, const char *text,
			size_t length)
{
	_cleanup_fd_ int fd = -1;
	int result;

	unlinkat(file->directory, file->temporary, 0);
	fd = openat(file->directory, file->temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	result = write_all(fd, text, length);
	if (result == 0 && fsync(fd) < 0)
		result = -errno;
	if (result == 0 && renameat(file->directory, file->temporary,
				    file->directory, file->name) < 0)
		result = -errno;
	if (result < 0) {
		unlinkat(file->directory, file->temporary, 0);
		return result;
	}
	/*
	 * The name is on the disk only now. A failure is told, though the new
	 * file is there: then more is in force than was reported, never less.
	 */
	return fsync(file->directory) < 0 ? -errno : 0;
}

/* Returns: a descriptor or a negative errno. */
static int open_directory(const char *path)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int result;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT) {
		result = directory_make_all(path);
		if (result < 0)
			return result;
		fd = open(path,
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	}
	if (fd < 0) {
		result = -errno;
		if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
			return -ELOOP;
		return result;
	}
	if (fstat(fd, &status) < 0)
		return -errno;
	result = check_owner(&status);
	return result < 0 ? result : fd_take(&fd);
}

static int make_names(struct grants_file *file, const char *directory,
		      const char *app)
{
	const int result = app_file_name(app, ".jsonl", &file->name);

	if (result < 0)
		return result;
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
