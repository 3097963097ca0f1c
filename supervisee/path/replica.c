/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replicas: see replica.h. */
#include "path/replica.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "path/mount_namespace.h"

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	const struct __user_cap_data_struct none[2] = {0};

	return syscall(SYS_capset, &header, none) < 0 ? -errno : 0;
}

/* A mount of the pinned directory; its path is that of another one by now, or
 * of the same. */
static int clone_directory(int directory, const char *canonical)
{
	_cleanup_fd_ int fd =
		open(canonical, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct stat pinned, found;
	int clone;

	if (fd < 0 || fstat(fd, &found) < 0 || fstat(directory, &pinned) < 0)
		return -errno;
	if (found.st_dev != pinned.st_dev || found.st_ino != pinned.st_ino)
		return -ESTALE;
	clone = open_tree(fd, "",
			  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
				  AT_RECURSIVE);
	return clone < 0 ? -errno : clone;
}

/* Goes one word further, to a directory that is made where there is none. */
static int step(int *at, const char *word)
{
	int fd;

	if (strcmp(word, "..") && mkdirat(*at, word, 0755) < 0 &&
	    errno != EEXIST)
		return -errno;
	fd = openat(*at, word, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	fd_close(*at);
	*at = fd;
	return 0;
}

/* Takes the next word but the last one. Returns: whether there was any. */
static bool next_word(const char **path, char word[NAME_MAX + 1])
{
	size_t length;

	do {
		*path += strspn(*path, "/");
		length = strcspn(*path, "/");
		if (!(*path)[length] || length > NAME_MAX)
			return false;
		memcpy(word, *path, length);
		word[length] = '\0';
		*path += length;
	} while (strcmp(word, ".") == 0);
	return true;
}

/* As many levels down as the path may go up. */
static int descend(int *at, const char *path)
{
	char word[NAME_MAX + 1];
	int error = 0;

	while (!error && next_word(&path, word))
		if (strcmp(word, "..") == 0)
			error = step(at, "below");
	return error;
}

/*
 * Walks the path and puts the directory at its end. The working directory is
 * where it starts.
 */
static int build(int root, int clone, const char *path)
{
	_cleanup_fd_ int at = fcntl(root, F_DUPFD_CLOEXEC, 3);
	char word[NAME_MAX + 1];
	unsigned int words = 0;
	int error = at < 0 ? -errno : 0;

	if (!error && path[0] != '/')
		error = descend(&at, path);
	if (!error && fchdir(at) < 0)
		error = -errno;
	for (; !error && next_word(&path, word); words++)
		error = step(&at, word);
	if (error)
		return error;
	/* The root itself cannot be covered, but it can be another one. */
	if (!words)
		return fchdir(clone) < 0 || chroot(".") < 0 ? -errno : 0;
	return move_mount(clone, "", at, "",
			  MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0
		       ? -errno
		       : 0;
}

int replica_enter(int directory, const char *canonical, const char *path)
{
	_cleanup_fd_ int clone = -1, root = -1;
	bool guest;
	int error = mount_namespace_enter(&guest);

	if (error)
		return error;
	clone = clone_directory(directory, canonical);
	if (clone < 0)
		return fd_take(&clone);
	root = mount_namespace_cover();
	if (root < 0)
		return fd_take(&root);
	error = build(root, clone, path);
	/* What they are worth in there says nothing about outside. */
	if (!error && guest)
		error = drop_capabilities();
	return error;
}
