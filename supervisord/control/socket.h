/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: where it is, who may own it, how it is opened.
 *
 * $XDG_RUNTIME_DIR/landlord/control; where that variable is missing,
 * /run/user/UID/landlord/control if the directory is there, else
 * /tmp/landlord-UID/control. Whichever it is, the directory that holds the
 * socket must belong to this user (or root) and be writable by nobody else, so
 * that no other user can put a socket of theirs in its place.
 */
#pragma once

#include <stdbool.h>

/* Returns: 0 (*ret: free(3)), or a negative errno. */
int control_socket_path(char **ret);

/*
 * Makes the directory (0700) and the socket (0600) and listens.
 * @ret_lock: a descriptor that holds the lock of the single instance
 * Returns: a descriptor, -EADDRINUSE when another instance runs, -EPERM for a
 * directory that is not ours alone, or another negative errno.
 */
int control_socket_listen(const char *path, int *ret_lock);

/*
 * Prepares a listening socket that was handed over (socket activation). It must
 * have been made to listen by this process or its parent.
 * Returns: 0, or a negative errno: it is no UNIX stream socket that listens, or
 * (-EKEYREJECTED) is somebody else's.
 */
int control_socket_adopt(int fd);

/*
 * Connects. Who listens must be this user or root, and not supervised.
 * Returns: a descriptor (not blocking), -ENOENT or -ECONNREFUSED when nobody
 * listens, -EPERM when somebody else does, -EKEYREJECTED when it is supervised,
 * -ECONNRESET when it has ended, or another negative errno.
 */
int control_socket_connect(const char *path);

/*
 * Makes sure of who answers, as soon as something has come: it must be who
 * listens, or a child of that one's (which systemd has started for the socket),
 * and not supervised. It reads nothing. What a listening socket is worth that
 * somebody has inherited or been given is nothing: he is not that one.
 * Returns: 0, -EAGAIN when nothing has come yet, -EKEYREJECTED when it is
 * somebody else, -ECONNRESET when it has ended, or another negative errno.
 */
int control_socket_confirm(int fd);
