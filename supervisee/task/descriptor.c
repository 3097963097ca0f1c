/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors of supervised threads: see descriptor.h. */
#include "task/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "task/tree.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

int descriptor_open_thread(pid_t tid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);

	if (pidfd < 0 && errno == EINVAL) /* before Linux 6.9 */
		pidfd = (int)syscall(SYS_pidfd_open, tree_tgid(tid), 0);
	return pidfd < 0 ? -errno : pidfd;
}

int descriptor_copy_by(int pidfd, int fd)
{
	const int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	return copy < 0 ? -errno : copy;
}

int descriptor_copy(pid_t tid, int fd)
{
	_cleanup_fd_ int pidfd = descriptor_open_thread(tid);

	return pidfd < 0 ? fd_take(&pidfd) : descriptor_copy_by(pidfd, fd);
}

bool descriptor_is_written(pid_t tid, int fd)
{
	char path[64];
	struct stat link;
	struct statx st;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, fd);
	/* Its link has the modes that it was opened with. */
	if (fd < 0 || lstat(path, &link) < 0 || !(link.st_mode & S_IWUSR))
		return false;
	/* Not even a file system that does not answer is asked. */
	return !statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_TYPE, &st) &&
	       !S_ISCHR(st.stx_mode) && !S_ISBLK(st.stx_mode);
}

/*
 * Whether it is what our own standard input, output or error is: opened before
 * there was a domain.
 */
static bool is_handed_in(int fd)
{
	const pid_t self = getpid();

	for (int standard = 0; standard < 3; standard++)
		if (syscall(SYS_kcmp, self, self, KCMP_FILE, standard, fd) == 0)
			return true;
	return false;
}

rights_t descriptor_rights(pid_t tid, int fd, const struct stat *object)
{
	_cleanup_fd_ int copy = descriptor_copy(tid, fd);
	rights_t rights = 0;
	struct stat st;
	int flags;

	if (copy < 0 || fstat(copy, &st) < 0 || st.st_dev != object->st_dev ||
	    st.st_ino != object->st_ino)
		return 0;
	flags = fcntl(copy, F_GETFL);
	if (flags < 0 || (flags & O_PATH) || (flags & O_ACCMODE) == O_ACCMODE)
		return 0;
	if ((flags & O_ACCMODE) != O_WRONLY)
		rights |= S_ISDIR(st.st_mode) ? RIGHT_FS_READ_DIR
					      : RIGHT_FS_READ_FILE;
	if ((flags & O_ACCMODE) != O_RDONLY)
		rights |= RIGHT_FS_WRITE_FILE;
	if ((rights & RIGHT_FS_WRITE_FILE) && is_handed_in(copy))
		rights |= RIGHT_FS_TRUNCATE;
	return rights;
}

bool descriptors_are_private(pid_t tid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)tid);
	/* A directory for each thread, itself and the one above. */
	return !stat(path, &st) && st.st_nlink == 3;
}
