/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks: see lock.h. */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

#define TRIES 16 /* others take it, let it go and replace it meanwhile */

static int open_file(int directory, const char *name)
{
	_cleanup_fd_ int fd = openat(directory, name,
				     O_WRONLY | O_CREAT | O_CLOEXEC |
					     O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
				     0600);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? fd_take(&fd) : -EINVAL;
}

/* Whether the file has not been replaced. */
static bool is_named(int fd, int directory, const char *name)
{
	struct stat ours, named;

	return !fstat(fd, &ours) &&
	       !fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) &&
	       ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

/* Returns: 0: it may be tried again; -EBUSY: somebody who may has it. */
static int pass_readers(int fd, int directory, const char *name)
{
	struct flock other = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_OFD_GETLK, &other) < 0)
		return -errno;
	if (other.l_type == F_WRLCK)
		return -EBUSY;
	/* While somebody only reads it, nobody has it: let that one keep it. */
	if (other.l_type == F_RDLCK && is_named(fd, directory, name) &&
	    unlinkat(directory, name, 0) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

/* Returns: a descriptor, -EAGAIN, or another negative errno. */
static int try(int directory, const char *name)
{
	/* Of the open file: other threads and descriptors are others. */
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	_cleanup_fd_ int fd = open_file(directory, name);
	int error;

	if (fd < 0)
		return fd;
	if (!fcntl(fd, F_OFD_SETLK, &lock))
		return is_named(fd, directory, name) ? fd_take(&fd) : -EAGAIN;
	if (errno != EAGAIN && errno != EACCES && errno != EINTR)
		return -errno;
	error = pass_readers(fd, directory, name);
	return error ? error : -EAGAIN;
}

int lock_take(int directory, const char *name)
{
	int result = -EAGAIN;

	for (int tries = 0; result == -EAGAIN && tries < TRIES; tries++)
		result = try(directory, name);
	return result == -EAGAIN ? -EBUSY : result;
}
