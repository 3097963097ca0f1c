// SPDX-License-Identifier: GPL-2.0-or-later
/* Plain paths: see plain.h. */
#include "path/plain.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
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

static int open_plain(const char *path, uint64_t resolve)
{
	/* A link is refused, the last name too, since it would be followed. */
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | resolve,
	};
	const long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int plain_open(const char *path)
{
	const int fd = open_plain(path, 0);

	/* In a tree of somebody else's, on an older kernel, it is refused. */
	return fd == -ENOSYS || fd == -EPERM ? walk(path) : fd;
}

int plain_open_cached(const char *path)
{
	const int fd = open_plain(path, RESOLVE_CACHED);

	return fd == -ENOSYS || fd == -EPERM || fd == -EINVAL ? -EAGAIN : fd;
}
