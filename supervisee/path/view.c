// SPDX-License-Identifier: GPL-2.0-or-later
/* The view of a supervised thread: see view.h. */
#include "path/view.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/fd.h"

static int open_link(pid_t tid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)tid, name);
	fd = open(path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int view_open_fd(pid_t tid, int fd)
{
	char name[32];
	int opened;

	if (fd < 0)
		return -EBADF;
	snprintf(name, sizeof(name), "fd/%d", fd);
	opened = open_link(tid, name);
	return opened == -ENOENT ? -EBADF : opened;
}

int view_open(struct view *ret, pid_t tid, pid_t monitor, int dirfd,
	      const char *path, bool foreign_root)
{
	struct view view = {
		.tid = tid,
		.monitor = monitor,
		.root = -1,
		.origin = -1,
	};

	if (foreign_root) {
		view.root = open_link(tid, "root");
		if (view.root < 0)
			return view.root;
	}
	if (path[0] != '/') {
		view.origin = dirfd == AT_FDCWD ? open_link(tid, "cwd")
						: view_open_fd(tid, dirfd);
		if (view.origin < 0) {
			fd_close(view.root);
			return view.origin;
		}
	}
	*ret = view;
	return 0;
}

void view_close(struct view *view)
{
	view->root = fd_close(view->root);
	view->origin = fd_close(view->origin);
}
