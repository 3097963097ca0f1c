/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors that close themselves.
 *
 * A descriptor variable starts at -1 and is closed when it goes out of scope:
 *
 *	_cleanup_fd_ int fd = -1;
 *
 *	fd = open(path, O_RDONLY | O_CLOEXEC);
 *	if (fd < 0)
 *		return -errno;
 *	*ret_fd = fd_take(&fd);		(ownership moves to the caller)
 */
#pragma once

#include <errno.h>
#include <unistd.h>

/* Closes @fd if it is open; always returns -1, errno is preserved. */
static inline int fd_close(int fd)
{
	if (fd >= 0) {
		const int saved = errno;

		close(fd);
		errno = saved;
	}
	return -1;
}

/* Moves a descriptor out of the variable that owned it. */
static inline int fd_take(int *fd)
{
	const int taken = *fd;

	*fd = -1;
	return taken;
}

static inline void fd_cleanup(int *fd)
{
	*fd = fd_close(*fd);
}

#define _cleanup_fd_ __attribute__((__cleanup__(fd_cleanup)))
