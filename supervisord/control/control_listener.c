/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's side of the control socket: see control_listener.h. */
#include "control/control_listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "control/control_address.h"
#include "control/control_socket.h"
#include "control/lock_file.h"
#include "control/peer.h"

#define BACKLOG 128

struct control_listener {
	char *path;    /* of the socket; NULL: it has no name */
	int directory; /* -1: none */
	int lock;
	int fd;
	bool ours; /* the name, and not systemd's */
	bool plugins;
	struct stat named; /* what the name led to when we came */
};

static const char *socket_name(const struct control_listener *listener)
{
	return strrchr(listener->path, '/') + 1;
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

/* Whether the directory that is open is the one at its name. */
static bool directory_is_there(const struct control_listener *listener)
{
	_cleanup_free_ char *directory = strdup(listener->path);
	struct stat ours, named;

	if (!directory || listener->directory < 0)
		return false;
	*strrchr(directory, '/') = '\0';
	return fstat(listener->directory, &ours) == 0 &&
	       lstat(directory, &named) == 0 && ours.st_ino == named.st_ino &&
	       ours.st_dev == named.st_dev;
}

static bool socket_is_there(const struct control_listener *listener)
{
	struct stat now;

	return fstatat(listener->directory, socket_name(listener), &now,
		       AT_SYMLINK_NOFOLLOW) == 0 &&
	       now.st_ino == listener->named.st_ino &&
	       now.st_dev == listener->named.st_dev;
}

static int remember_socket(struct control_listener *listener)
{
	return fstatat(listener->directory, socket_name(listener),
		       &listener->named, AT_SYMLINK_NOFOLLOW) < 0
		       ? -errno
		       : 0;
}

/* What other processes cannot know; see control_socket_has_plugins(). */
static int note_plugins(const struct control_listener *listener)
{
	_cleanup_fd_ int fd = -1;

	if (!listener->plugins) {
		unlinkat(listener->directory, CONTROL_PLUGINS_NAME, 0);
		return 0;
	}
	fd = openat(listener->directory, CONTROL_PLUGINS_NAME,
		    O_WRONLY | O_CREAT | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	return fd < 0 ? -errno : 0;
}

/* Opens the directory and takes the lock, unless they are there. */
static int take_place(struct control_listener *listener)
{
	_cleanup_fd_ int directory = -1, lock = -1;

	if (directory_is_there(listener) &&
	    lock_file_holds(listener->lock, listener->directory,
			    CONTROL_LOCK_NAME))
		return 0;
	directory = control_directory_open(listener->path);
	if (directory < 0)
		return directory;
	lock = lock_file_take(directory, CONTROL_LOCK_NAME);
	if (lock < 0)
		return lock;
	fd_close(listener->lock);
	fd_close(listener->directory);
	listener->lock = fd_take(&lock);
	listener->directory = fd_take(&directory);
	return note_plugins(listener);
}

/*
 * Whether somebody listens at the name, although the lock was free: a daemon
 * whose lock has been cleaned away, or systemd for one.
 */
static bool somebody_listens(const struct sockaddr_un *address)
{
	_cleanup_(peer_finish) struct peer peer = PEER_INIT;
	_cleanup_fd_ int fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return true;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return errno == EAGAIN;
	/* One that is being killed has let go of its lock first. */
	return peer_identify(fd, &peer) == 0 && peer.pid != getpid();
}

static int listen_at(struct control_listener *listener)
{
	_cleanup_fd_ int fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const char *name = socket_name(listener);
	struct sockaddr_un address;
	int error = fd < 0 ? -errno
			   : control_address(listener->path,
					     listener->directory, &address);

	if (!error && somebody_listens(&address))
		error = -EADDRINUSE;
	if (!error && unlinkat(listener->directory, name, 0) < 0 &&
	    errno != ENOENT)
		error = -errno;
	if (!error)
		error = control_socket_pass_credentials(fd);
	if (error)
		return error;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    fchmodat(listener->directory, name, 0600, 0) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return -errno;
	fd_close(listener->fd);
	listener->fd = fd_take(&fd);
	listener->ours = true;
	return remember_socket(listener);
}

static int listen_anew(struct control_listener *listener)
{
	int error = control_socket_path(&listener->path);

	if (!error)
		error = make_directory(listener->path);
	if (!error)
		error = take_place(listener);
	return !error ? listen_at(listener) : error;
}

/* Who called listen(2). */
static int check_owner(int fd)
{
	_cleanup_(peer_finish) struct peer owner = PEER_INIT;
	const int error = peer_identify(fd, &owner);

	if (error)
		return error == -ESRCH ? -EKEYREJECTED : error;
	return owner.pid == getpid() || owner.pid == getppid() ? 0
							       : -EKEYREJECTED;
}

static int check_option(int fd, int option, int wanted)
{
	socklen_t size = sizeof(int);
	int value = 0;

	if (getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0)
		return -errno;
	return value == wanted ? 0 : -EPROTOTYPE;
}

/* The path that a socket was bound to, if it was one. */
static int read_path(struct control_listener *listener)
{
	struct sockaddr_un address = {0};
	socklen_t size = sizeof(address) - 1;

	if (getsockname(listener->fd, (struct sockaddr *)&address, &size) < 0)
		return -errno;
	if (address.sun_path[0] != '/')
		return 0;
	listener->path = strdup(address.sun_path);
	return listener->path ? 0 : -ENOMEM;
}

static int adopt(struct control_listener *listener, int fd)
{
	int error = check_option(fd, SO_DOMAIN, AF_UNIX);

	listener->fd = fd;
	if (!error)
		error = check_option(fd, SO_TYPE, SOCK_STREAM);
	if (!error)
		error = check_option(fd, SO_ACCEPTCONN, 1);
	if (!error)
		error = check_owner(fd);
	if (!error && (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
		       fcntl(fd, F_SETFD, FD_CLOEXEC) < 0))
		error = -errno;
	if (!error)
		error = control_socket_pass_credentials(fd);
	if (!error)
		error = read_path(listener);
	if (error || !listener->path)
		return error;
	error = take_place(listener);
	/* Cleaned away before we came: control_listener_check() will see to it.
	 */
	if (!error)
		(void)remember_socket(listener);
	if (!error || error == -EADDRINUSE)
		return error;
	/* Nobody of ours looks for it in such a place. */
	free(listener->path);
	listener->path = NULL;
	return 0;
}

int control_listener_new(struct control_listener **ret, int handed,
			 bool plugins)
{
	struct control_listener *listener = calloc(1, sizeof(*listener));
	int error;

	if (!listener)
		return -ENOMEM;
	listener->directory = listener->lock = listener->fd = -1;
	listener->plugins = plugins;
	error = handed < 0 ? listen_anew(listener) : adopt(listener, handed);
	if (error) {
		control_listener_free(listener);
		return error;
	}
	*ret = listener;
	return 0;
}

struct control_listener *
control_listener_free(struct control_listener *listener)
{
	if (!listener)
		return NULL;
	/* Another daemon's, or one of later, stays. */
	if (listener->ours && listener->directory >= 0 &&
	    lock_file_holds(listener->lock, listener->directory,
			    CONTROL_LOCK_NAME) &&
	    socket_is_there(listener))
		unlinkat(listener->directory, socket_name(listener), 0);
	fd_close(listener->fd);
	fd_close(listener->lock);
	fd_close(listener->directory);
	free(listener->path);
	free(listener);
	return NULL;
}

int control_listener_fd(const struct control_listener *listener)
{
	return listener->fd;
}

const char *listener_path(const struct control_listener *listener)
{
	return listener->path;
}

int control_listener_directory(const struct control_listener *listener)
{
	return listener->directory;
}

int control_listener_check(struct control_listener *listener)
{
	int error = 0;

	if (!listener->path)
		return 0;
	if (!directory_is_there(listener))
		error = make_directory(listener->path);
	if (!error)
		error = take_place(listener);
	if (error || socket_is_there(listener))
		return error;
	error = listen_at(listener);
	if (error)
		return error;
	log_warning("the control socket %s was removed: made anew",
		    listener->path);
	return 1;
}
