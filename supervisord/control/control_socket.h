/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: where it is, who may own it, how it is connected to.
 *
 * $XDG_RUNTIME_DIR/landlord/control; where that variable is missing,
 * /run/user/UID/landlord/control if the directory is there, else
 * /tmp/landlord-UID/control. Whichever it is, the directory that holds the
 * socket must belong to this user (or root) and be writable by nobody else, so
 * that no other user can put a socket of theirs in its place.
 */
#pragma once

#include <stdbool.h>

#include "bus/names.h"

/* Beside the socket: the lock of who listens, and what a daemon with plugins
 * leaves for control_socket_has_plugins(). */
#define CONTROL_LOCK_NAME BUS_SOCKET_NAME ".lock"
#define CONTROL_PLUGINS_NAME BUS_SOCKET_NAME ".plugins"

/* Returns: 0 (*ret: free(3)), or a negative errno. */
int control_socket_path(char **ret);

/*
 * Whether the daemon that has listened there last has plugins, which decide
 * what no other process can know.
 */
bool control_socket_has_plugins(void);

/*
 * Asks for the writer's credentials with every message. A connection inherits
 * this from its listener, so that even its first byte has them.
 * Returns: 0 or a negative errno.
 */
int control_socket_pass_credentials(int fd);

/*
 * Connects. The process that listens must belong to this user or root, and not
 * be supervised.
 * Returns: a descriptor (not blocking), -ENOENT or -ECONNREFUSED when nobody
 * listens, -EAGAIN when too many wait to be taken already, -EPERM when somebody
 * else does, -EKEYREJECTED when it is supervised, -ENOTSUP when that cannot be
 * known, -ECONNRESET when it has ended, or another negative errno.
 */
int control_socket_connect(const char *path);

/*
 * Makes sure of the process that answers, as soon as something has come: it
 * must be the one that listens, or a child of it (which systemd has started for
 * the socket), and not be supervised. Nothing is read. A listening socket that
 * somebody has inherited or been handed is worth nothing: he is not that
 * process.
 * Returns: 0, -EAGAIN when nothing has come yet, -EKEYREJECTED when it is
 * somebody else, -ECONNRESET when it has ended, or another negative errno.
 */
int control_socket_confirm(int fd);
