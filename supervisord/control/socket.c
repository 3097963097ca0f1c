/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket.
 */
#include "control/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "bus/names.h"

#define BACKLOG 128

int control_socket_path(char **ret)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const unsigned int uid = geteuid();
	char directory[64];
	int r;

	if (runtime && runtime[0] == '/') {
		r = asprintf(ret, "%s/landlord/" BUS_SOCKET_NAME, runtime);
		return r < 0 ? -ENOMEM : 0;
	}
	snprintf(directory, sizeof(directory), "/run/user/%u", uid);
	if (access(directory, X_OK) == 0)
		r = asprintf(ret, "%s/landlord/" BUS_SOCKET_NAME, directory);
	else
		r = asprintf(ret, "/tmp/landlord-%u/" BUS_SOCKET_NAME, uid);
	return r < 0 ? -ENOMEM : 0;
}

static int make_address(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;
	strcpy(ret->sun_path, path);
	return 0;
}

/*
 * Opens the directory of the socket, if nobody but this user or root can
 * change what is in it.
 */
static int open_directory(const char *path)
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

static int make_directory(const char *path)
{
	_cleanup_free_ char *directory = strdup(path);

	if (!directory)
		return -ENOMEM;
	*strrchr(directory, '/') = '\0';
	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		return -errno;
	return 0;
}

/* One instance: the lock goes with the process, whatever ends it. */
static int take_lock(int directory)
{
	_cleanup_fd_ int fd =
		openat(directory, BUS_SOCKET_NAME ".lock",
		       O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
	return fd_take(&fd);
}

/*
 * Every message comes with the credentials of who wrote it. A connection
 * inherits this from the listener, so that not even its first byte is without.
 */
static int pass_credentials(int fd)
{
	const int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return -errno;
	return 0;
}

int control_socket_listen(const char *path, int *ret_lock)
{
	_cleanup_fd_ int directory = -1, lock = -1, fd = -1;
	struct sockaddr_un address;
	int r = make_address(path, &address);

	if (r == 0)
		r = make_directory(path);
	if (r < 0)
		return r;
	directory = open_directory(path);
	if (directory < 0)
		return directory;
	lock = take_lock(directory);
	if (lock < 0)
		return lock;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* With the lock held, a socket that is there is a dead one's. */
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	r = pass_credentials(fd);
	if (r < 0)
		return r;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(path, 0600) < 0 || listen(fd, BACKLOG) < 0)
		return -errno;
	*ret_lock = fd_take(&lock);
	return fd_take(&fd);
}

int control_socket_adopt(int fd)
{
	int value = 0;
	socklen_t size = sizeof(value);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &size) < 0)
		return -errno;
	if (value != AF_UNIX)
		return -EPROTOTYPE;
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size) < 0)
		return -errno;
	if (value != SOCK_STREAM)
		return -EPROTOTYPE;
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) < 0)
		return -errno;
	if (!value)
		return -EPROTOTYPE;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return pass_credentials(fd);
}

int control_socket_connect(const char *path)
{
	_cleanup_fd_ int directory = -1, fd = -1;
	struct sockaddr_un address;
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int r = make_address(path, &address);

	if (r < 0)
		return r;
	directory = open_directory(path);
	if (directory < 0)
		return directory == -ENOTDIR ? -ENOENT : directory;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/*
	 * Our side asks for credentials as well: a daemon that is being started
	 * for this connection has not asked for them yet.
	 */
	r = pass_credentials(fd);
	if (r < 0)
		return r;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return -errno;
	if (peer.uid != geteuid() && peer.uid != 0)
		return -EPERM;
	return fd_take(&fd);
}
