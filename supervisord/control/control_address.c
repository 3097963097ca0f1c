/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The address of a socket: see control_address.h. */
#include "control/control_address.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

int control_directory_open(const char *path)
{
	_cleanup_free_ char *directory = strdup(path);
	_cleanup_fd_ int fd = -1;
	struct stat st;
	char *slash;

	if (!directory)
		return -ENOMEM;
	slash = strrchr(directory, '/');
	if (!slash || slash == directory)
		return -EINVAL;
	*slash = '\0';
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if ((st.st_uid != geteuid() && st.st_uid != 0) ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)))
		return -EPERM;
	return fd_take(&fd);
}

int control_address(const char *path, int directory, struct sockaddr_un *ret)
{
	const char *slash = strrchr(path, '/');
	int length = (int)strlen(path);

	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (length < (int)sizeof(ret->sun_path))
		memcpy(ret->sun_path, path, (size_t)length);
	else
		length = snprintf(ret->sun_path, sizeof(ret->sun_path),
				  "/proc/self/fd/%d%s", directory, slash);
	return length < (int)sizeof(ret->sun_path) ? 0 : -ENAMETOOLONG;
}
