// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors of supervised threads: see descriptor.h. */
#include "task/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "task/tree.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

int descriptor_copy(pid_t tid, int fd)
{
	_cleanup_fd_ int pidfd =
		(int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);
	int copy;

	if (pidfd < 0 && errno == EINVAL) /* before Linux 6.9 */
		pidfd = (int)syscall(SYS_pidfd_open, tree_tgid(tid), 0);
	if (pidfd < 0)
		return -errno;
	copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	return copy < 0 ? -errno : copy;
}
