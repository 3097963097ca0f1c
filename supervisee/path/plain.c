/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plain paths: see plain.h. */
#include "path/plain.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"

#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20 /* Linux 5.12 */
#endif

/* Goes one name further. */
static int step(int *at, const char *name)
{
	struct stat st;
	const int fd = openat(*at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	fd_close(*at);
	*at = fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISLNK(st.st_mode) ? -ELOOP : 0;
}

/* Name by name. */
static int walk(const char *path)
{
	_cleanup_fd_ int at = open("/", O_PATH | O_CLOEXEC);
	char name[NAME_MAX + 1];
	int error = at < 0 ? -errno : 0;

	while (!error && *(path += strspn(path, "/"))) {
		const size_t length = strcspn(path, "/");

		if (length > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, path, length);
		name[length] = '\0';
		path += length;
		error = step(&at, name);
	}
	return error ? error : fd_take(&at);
}

static int open_plain(int at, const char *path, uint64_t resolve)
{
	/* A link is refused, the last name too, since it would be followed. */
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | resolve,
	};
	const long fd = syscall(SYS_openat2, at, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* As a kernel says that does not know these, or a tree of somebody else's where
 * they are refused. */
static bool is_unknown(int fd)
{
	return fd == -ENOSYS || fd == -EPERM;
}

int plain_open(const char *path)
{
	const int fd = open_plain(AT_FDCWD, path, 0);

	return is_unknown(fd) ? walk(path) : fd;
}

int plain_open_cached(const char *path)
{
	return plain_open_in_cached(AT_FDCWD, path);
}

int plain_open_in(int at, const char *name)
{
	_cleanup_fd_ int fd = open_plain(at, name, 0);
	int error;

	if (!is_unknown(fd))
		return fd_take(&fd);
	fd = fcntl(at, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	error = step(&fd, name);
	return error ? error : fd_take(&fd);
}

int plain_open_in_cached(int at, const char *name)
{
	const int fd = open_plain(at, name, RESOLVE_CACHED);

	return is_unknown(fd) || fd == -EINVAL ? -EAGAIN : fd;
}
