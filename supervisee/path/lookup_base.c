/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The base of a supervised thread: see lookup_base.h. */
#include "path/lookup_base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/fd.h"
#include "task/thread_source.h"

static int open_fd(struct thread_source *source, pid_t tid, int fd)
{
	char name[32];
	int opened;

	if (fd < 0)
		return -EBADF;
	snprintf(name, sizeof(name), "fd/%d", fd);
	opened = thread_source_open(source, tid, name);
	return opened == -ENOENT ? -EBADF : opened;
}

int lookup_base_open(struct lookup_base *ret, struct thread_source *source,
		     pid_t tid, pid_t monitor, int dirfd, const char *path,
		     bool foreign_root)
{
	struct lookup_base base = {
		.tid = tid,
		.monitor = monitor,
		.root = -1,
		.origin = -1,
	};

	if (foreign_root) {
		base.root = thread_source_open(source, tid, "root");
		if (base.root < 0)
			return base.root;
	}
	if (path[0] != '/') {
		base.origin = dirfd == AT_FDCWD
				      ? thread_source_open(source, tid, "cwd")
				      : open_fd(source, tid, dirfd);
		if (base.origin < 0) {
			fd_close(base.root);
			return base.origin;
		}
	}
	*ret = base;
	return 0;
}

void lookup_base_lend(struct lookup_base *ret, const struct lookup_base *base)
{
	*ret = *base;
	ret->lent = true;
}

void lookup_base_close(struct lookup_base *base)
{
	if (!base->lent) {
		fd_close(base->root);
		fd_close(base->origin);
	}
	base->root = base->origin = -1;
	base->lent = false;
}
