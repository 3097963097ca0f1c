/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks of a single instance: see lock_file.h. */
#include "control/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/lock.h"

int lock_file_take(int directory, const char *name)
{
	const int fd = lock_take(directory, name);

	return fd == -EBUSY ? -EADDRINUSE : fd;
}

bool lock_file_holds(int lock, int directory, const char *name)
{
	struct stat ours, named;

	return lock >= 0 && fstat(lock, &ours) == 0 &&
	       fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}
