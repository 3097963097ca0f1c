/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mount namespaces of our own: see mount_namespace.h. */
#include "path/mount_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/fd.h"

static int write_file(const char *path, const char *text)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -errno;
	return 0;
}

static int map_oneself(const char *path, unsigned int id)
{
	char text[64];

	snprintf(text, sizeof(text), "%u %u 1", id, id);
	return write_file(path, text);
}

int mount_namespace_enter_as_guest(void)
{
	const unsigned int uid = geteuid(), gid = getegid();
	int error = 0;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		error = -errno;
	/* Or these would be root's. */
	if (!error && prctl(PR_SET_DUMPABLE, 1) < 0)
		error = -errno;
	if (!error)
		error = write_file("/proc/self/setgroups", "deny");
	if (!error)
		error = map_oneself("/proc/self/uid_map", uid);
	if (!error)
		error = map_oneself("/proc/self/gid_map", gid);
	return error;
}

int mount_namespace_enter(bool *ret_guest)
{
	*ret_guest = false;
	if (unshare(CLONE_NEWNS) < 0) {
		*ret_guest = errno == EPERM;
		return *ret_guest ? mount_namespace_enter_as_guest() : -errno;
	}
	return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0 ? -errno : 0;
}

int mount_namespace_cover(void)
{
	_cleanup_fd_ int context = fsopen("tmpfs", FSOPEN_CLOEXEC);
	_cleanup_fd_ int root = -1;

	if (context < 0 ||
	    fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	root = fsmount(context, FSMOUNT_CLOEXEC, 0);
	if (root < 0 ||
	    move_mount(root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0 ||
	    fchdir(root) < 0 || chroot(".") < 0)
		return -errno;
	return fd_take(&root);
}
