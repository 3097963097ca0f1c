/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket.
 */
#include "control/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "control/control_address.h"
#include "control/peer.h"
#include "store/directory.h"
#include "supervision/process.h"

int control_socket_path(char **ret)
{
	_cleanup_free_ char *directory = directory_runtime();

	if (!directory || asprintf(ret, "%s/" BUS_SOCKET_NAME, directory) < 0)
		return -ENOMEM;
	return 0;
}

bool control_socket_has_plugins(void)
{
	_cleanup_free_ char *path = NULL;
	_cleanup_fd_ int directory = -1;

	if (control_socket_path(&path) < 0)
		return false;
	directory = control_directory_open(path);
	return directory >= 0 && faccessat(directory, CONTROL_PLUGINS_NAME,
					   F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int control_socket_pass_credentials(int fd)
{
	const int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return -errno;
	return 0;
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
	if (!process_is_visible())
		return -ENOTSUP;
	return supervised ? -EKEYREJECTED : 0;
}

static int check_listener(int fd)
{
	_cleanup_(peer_finish) struct peer listener = PEER_INIT;
	const int error = peer_identify(fd, &listener);

	if (error)
		return error == -ESRCH ? -ECONNRESET : error;
	return check_daemon(&listener);
}

int control_socket_connect(const char *path)
{
	_cleanup_fd_ int directory = -1, fd = -1;
	struct sockaddr_un address;
	int error;

	directory = control_directory_open(path);
	/* A name that no directory can have is not there either. */
	if (directory == -ENOTDIR || directory == -ENAMETOOLONG)
		return -ENOENT;
	if (directory < 0)
		return directory;
	error = control_address(path, directory, &address);
	if (error)
		return error;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/*
	 * Our side asks for credentials as well: a daemon that is being started
	 * for this connection has not asked for them yet.
	 */
	error = control_socket_pass_credentials(fd);
	if (error)
		return error;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	error = check_listener(fd);
	return error ? error : fd_take(&fd);
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
	int error = peer_of_next_byte(fd, &writer);

	if (!error)
		error = peer_identify(fd, &listener);
	if (error)
		return error == -ESRCH ? -ECONNRESET : error;
	if (!is_or_descends(&writer, &listener))
		return -EKEYREJECTED;
	return check_daemon(&writer);
}
