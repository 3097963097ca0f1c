/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's side of the control socket: the socket itself, and the lock
 * beside it of the only daemon that listens there.
 *
 * Invariant: while the lock is at its name, no other daemon touches the socket.
 * What others remove meanwhile is noticed by control_listener_check(), and made
 * anew unless another daemon has come.
 */
#pragma once

#include <stdbool.h>

struct control_listener;

/*
 * Makes the directory (0700), the socket (0600) and its lock, and listens; or
 * takes a listening socket that was handed over (socket activation), which must
 * have been made to listen by this process or its parent.
 * @handed: that socket; -1: none
 * @plugins: there are some, see control_socket_has_plugins()
 * Returns: 0; -EADDRINUSE when another daemon is there; -EPERM for a directory
 * that is not ours alone; of a socket that was handed over: it is no UNIX
 * stream socket that listens, or (-EKEYREJECTED) is somebody else's; or another
 * negative errno.
 */
int control_listener_new(struct control_listener **ret, int handed,
			 bool plugins);

/* Takes NULL; always returns NULL. A socket of our own is removed. */
struct control_listener *
control_listener_free(struct control_listener *listener);

/* What to accept from; it may be another after control_listener_check(). */
int control_listener_fd(const struct control_listener *listener);

/* Of the socket; NULL for one that has no name. */
const char *listener_path(const struct control_listener *listener);

/* Its directory, as it was opened; -1 when it has no name. */
int control_listener_directory(const struct control_listener *listener);

/*
 * Looks whether directory, lock and socket are where they were, and makes anew
 * what is not.
 * Returns: 0; 1 when control_listener_fd() is another; -EADDRINUSE when another
 * daemon has come meanwhile; or another negative errno when it cannot be made
 * anew.
 */
int control_listener_check(struct control_listener *listener);
