/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks: see lock.h. */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
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

/*
 * @fd: of the file
 * Returns: 0: it is held; -EAGAIN: it is to be opened anew; -EBUSY; another
 *          negative errno.
 */
static int hold(int fd, int directory, const char *name)
{
	/* Of the open file: other threads and descriptors are others. */
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int error;

	if (!fcntl(fd, F_OFD_SETLK, &lock))
		return is_named(fd, directory, name) ? 0 : -EAGAIN;
	if (errno != EAGAIN && errno != EACCES && errno != EINTR)
		return -errno;
	error = pass_readers(fd, directory, name);
	return error ? error : -EAGAIN;
}

int lock_take(int directory, const char *name)
{
	int result = -EAGAIN;

	for (int tries = 0; result == -EAGAIN && tries < TRIES; tries++) {
		_cleanup_fd_ int fd = open_file(directory, name);

		result = fd < 0 ? fd : hold(fd, directory, name);
		if (!result)
			return fd_take(&fd);
	}
	return result == -EAGAIN ? -EBUSY : result;
}

/* Tells when somebody closes the file, who could have had it, or removes it. */
static int watch(int fd)
{
	_cleanup_fd_ int events = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (events < 0 ||
	    inotify_add_watch(events, path, IN_CLOSE_WRITE | IN_ATTRIB) < 0)
		return -errno;
	return fd_take(&events);
}

/* Returns: 0: something may have changed; -EBUSY: nothing has, in time. */
static int await(int events, const struct clock *clock, int64_t until)
{
	struct pollfd change = {.fd = events, .events = POLLIN};
	const int64_t left = until - clock_boot(clock);
	char bytes[4096];

	if (left <= 0 || poll(&change, 1, (int)left) == 0)
		return -EBUSY;
	while (read(events, bytes, sizeof(bytes)) > 0)
		;
	return 0;
}

/*
 * What is tried again is the file that is open: to close it would wake whoever
 * else waits, and that one us.
 */
static int hold_in_time(int fd, int directory, const char *name,
			const struct clock *clock, int64_t until)
{
	_cleanup_fd_ int events = watch(fd);
	int result;

	/* Nobody would tell: as if it were not let go in time. */
	if (events < 0)
		return -EBUSY;
	while ((result = hold(fd, directory, name)) == -EBUSY) {
		result = await(events, clock, until);
		if (result)
			break;
	}
	return result;
}

int lock_wait(int directory, const char *name, const struct clock *clock,
	      int64_t ms)
{
	const int64_t until = clock_boot(clock) + ms;
	int result = lock_take(directory, name);

	while (result == -EBUSY && clock_boot(clock) < until) {
		_cleanup_fd_ int fd = open_file(directory, name);

		result = fd < 0 ? fd
				: hold_in_time(fd, directory, name, clock,
					       until);
		if (!result)
			return fd_take(&fd);
		if (result == -EAGAIN)
			result = lock_take(directory, name);
	}
	return result;
}
