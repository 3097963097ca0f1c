/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/usage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "core/app.h"

/* The directory of the files; NULL without memory. */
static char *starts_directory(const char *grants_dir)
{
	const char *const slash = strrchr(grants_dir, '/');
	char *path;

	if (asprintf(&path, "%.*s/starts",
		     slash ? (int)(slash - grants_dir) : 0, grants_dir) < 0)
		return NULL;
	return path;
}

static int starts_path(const char *grants_dir, const char *app, char **ret)
{
	_cleanup_free_ char *directory = starts_directory(grants_dir);
	_cleanup_free_ char *name = NULL;
	const int error = app_file_name(app, "", &name);

	if (error)
		return error;
	if (!directory || asprintf(ret, "%s/%s", directory, name) < 0) {
		*ret = NULL;
		return -ENOMEM;
	}
	return 0;
}

int usage_note(const char *grants_dir, const char *app)
{
	_cleanup_free_ char *directory = starts_directory(grants_dir);
	_cleanup_free_ char *path = NULL;
	_cleanup_fd_ int fd = -1;
	int error = directory ? starts_path(grants_dir, app, &path) : -ENOMEM;

	if (error)
		return error;
	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		return -errno;
	/* One write(2) of several at a time goes before or behind others. */
	fd = open(path,
		  O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC |
			  O_NONBLOCK,
		  0600);
	if (fd < 0 || write(fd, "+", 1) != 1)
		return -errno;
	return 0;
}

/* Where a file system does not say when a directory was made: its last change,
 * which is later. */
static int64_t counted_since(const char *grants_dir)
{
	_cleanup_free_ char *directory = starts_directory(grants_dir);
	struct statx status;

	if (!directory || statx(AT_FDCWD, directory, AT_SYMLINK_NOFOLLOW,
				STATX_BTIME | STATX_CTIME, &status) < 0)
		return INT64_MAX;
	return status.stx_mask & STATX_BTIME ? status.stx_btime.tv_sec
					     : status.stx_ctime.tv_sec;
}

int usage_read(const char *grants_dir, const char *app, struct usage *ret)
{
	_cleanup_free_ char *path = NULL;
	const int error = starts_path(grants_dir, app, &path);
	struct stat status;

	*ret = (struct usage){.last = INT64_MAX};
	if (error)
		return error;
	if (lstat(path, &status) < 0 && errno == ENOENT) {
		ret->last = counted_since(grants_dir);
		return 0;
	}
	if (lstat(path, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	ret->starts = (uint64_t)status.st_size;
	ret->last = status.st_mtim.tv_sec;
	return 0;
}

int usage_forget(const char *grants_dir, const char *app)
{
	_cleanup_free_ char *path = NULL;
	const int error = starts_path(grants_dir, app, &path);

	if (error)
		return error;
	return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}
