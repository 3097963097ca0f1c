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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/lock.h"
#include "bus/names.h"
#include "control/peer.h"
#include "store/directory.h"
#include "supervision/process.h"

#define BACKLOG 128

int control_socket_path(char **ret)
{
	_cleanup_free_ char *directory = directory_runtime();

	if (!directory || asprintf(ret, "%s/" BUS_SOCKET_NAME, directory) < 0)
		return -ENOMEM;
	return 0;
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
	const int fd = lock_take(directory, BUS_SOCKET_NAME ".lock");

	return fd == -EBUSY ? -EADDRINUSE : fd;
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

/* Who called listen(2). */
static int check_owner(int fd)
{
	_cleanup_(peer_finish) struct peer owner = PEER_INIT;
	const int r = peer_identify(fd, &owner);

	if (r < 0)
		return r == -ESRCH ? -EKEYREJECTED : r;
	return owner.pid == getpid() || owner.pid == getppid() ? 0
							       : -EKEYREJECTED;
}

int control_socket_adopt(int fd)
{
	int value = 0, r;
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
	r = check_owner(fd);
	if (r < 0)
		return r;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return pass_credentials(fd);
}

/*
 * Whether a process can be the daemon: it is there, and nobody decides for it.
 * What is supervised has no say in what others of the user may do.
 */
static int check_daemon(const struct peer *peer)
{
	const bool supervised = process_is_supervised(peer->pid);

	/* Only now: the number was its own when it was looked at. */
	if (!peer_alive(peer))
		return -ECONNRESET;
	if (peer->uid != geteuid() && peer->uid != 0)
		return -EPERM;
	return supervised ? -EKEYREJECTED : 0;
}

static int check_listener(int fd)
{
	_cleanup_(peer_finish) struct peer listener = PEER_INIT;
	const int r = peer_identify(fd, &listener);

	if (r < 0)
		return r == -ESRCH ? -ECONNRESET : r;
	return check_daemon(&listener);
}

int control_socket_connect(const char *path)
{
	_cleanup_fd_ int directory = -1, fd = -1;
	struct sockaddr_un address;
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
	r = check_listener(fd);
	return r < 0 ? r : fd_take(&fd);
}

/* Whether @peer is @of or was started by it. */
static bool is_or_descends(const struct peer *peer, const struct peer *of)
{
	pid_t parent;
	uint64_t start;

	if (peer->pid == of->pid)
		return true;
	return process_stat(peer->pid, &parent, &start) == 0 &&
	       parent == of->pid && peer_alive(of);
}

int control_socket_confirm(int fd)
{
	_cleanup_(peer_finish) struct peer listener = PEER_INIT,
					   writer = PEER_INIT;
	int r = peer_of_next_byte(fd, &writer);

	if (r == 0)
		r = peer_identify(fd, &listener);
	if (r < 0)
		return r == -ESRCH ? -ECONNRESET : r;
	if (!is_or_descends(&writer, &listener))
		return -EKEYREJECTED;
	return check_daemon(&writer);
}
