/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles: see opath.h. */
#include "path/opath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Of this process. One that acts for a target (see identity.h) has the same
 * descriptors and a directory of its own: it may not look into this one, and
 * takes the way by path.
 */
static int directory = -1;

void opath_prepare(void)
{
	if (directory < 0)
		directory =
			open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

const char *opath_link(int fd, char buffer[OPATH_LINK_BYTES])
{
	snprintf(buffer, OPATH_LINK_BYTES, "/proc/self/fd/%d", fd);
	return buffer;
}

/* The last component of a link, for the directory. */
static const char *entry_of(const char *link)
{
	return link + sizeof("/proc/self/fd/") - 1;
}

int opath_path(int fd, char path[PATH_MAX], size_t *ret_length)
{
	char link[OPATH_LINK_BYTES];
	ssize_t length = -1;

	opath_link(fd, link);
	if (directory >= 0)
		length = readlinkat(directory, entry_of(link), path,
				    PATH_MAX - 1);
	if (length < 0)
		length = readlink(link, path, PATH_MAX - 1);
	if (length < 0)
		return -errno;
	path[length] = '\0';
	*ret_length = (size_t)length;
	return 0;
}

int opath_access(int fd, int mode)
{
	/* The C library's own would take the flag for an error. */
	return syscall(SYS_faccessat2, fd, "", mode,
		       AT_EACCESS | AT_EMPTY_PATH) < 0
		       ? -errno
		       : 0;
}

int opath_open(int fd, int flags, mode_t mode)
{
	char link[OPATH_LINK_BYTES];
	int opened = -1;

	opath_link(fd, link);
	errno = EACCES;
	if (directory >= 0)
		opened = openat(directory, entry_of(link), flags, mode);
	/* The directory's refusal, or the object's, which says so again. */
	if (opened < 0 && errno == EACCES)
		opened = open(link, flags, mode);
	return opened < 0 ? -errno : opened;
}
