/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors that the shell left open: see inherited.h. */
#include "run/inherited.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/tty.h"
#include "base/fd.h"

void inherited_note(struct inherited *ret)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;

	ret->count = 0;
	while (directory && (entry = readdir(directory)) &&
	       ret->count < INHERITED_MAX) {
		const int fd = atoi(entry->d_name);

		/* What is closed by an execve is ours. */
		if (fd > 2 && fd != dirfd(directory) && fcntl(fd, F_GETFD) == 0)
			ret->fds[ret->count++] = fd;
	}
	if (directory)
		closedir(directory);
}

void inherited_close(struct inherited *inherited)
{
	for (size_t i = 0; i < inherited->count; i++)
		close(inherited->fds[i]);
	inherited->count = 0;
}

void inherited_let_go(int first, int last)
{
	_cleanup_fd_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = first; null >= 0 && fd <= last; fd++)
		dup2(null, fd);
}

void inherited_fill(bool ret_missing[3])
{
	for (int fd = 0; fd < 3; fd++) {
		ret_missing[fd] = fcntl(fd, F_GETFD) < 0;
		/* The lowest number that is free is this one. */
		if (ret_missing[fd])
			(void)!open("/dev/null", O_RDWR);
	}
}

/* Our own are closed by execve(2). */
static bool is_inherited(int fd)
{
	const int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && !(flags & FD_CLOEXEC);
}

int inherited_move_terminal(dev_t real, int tty_fd)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;
	int error = 0;
	dev_t device;

	if (!directory)
		return -errno;
	while (!error && (entry = readdir(directory))) {
		const int fd = atoi(entry->d_name);

		if (entry->d_name[0] == '.' || !is_inherited(fd) ||
		    tty_device(fd, &device) || (fd > 2 && device != real))
			continue;
		error = dup2(tty_fd, fd) < 0 ? -errno : 0;
	}
	closedir(directory);
	return error;
}

void inherited_restore(const bool missing[3])
{
	for (int fd = 0; fd < 3; fd++)
		if (missing[fd])
			close(fd);
}
