/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Peers: the process at the other end of a UNIX socket, as the kernel knows it.
 * It is held by a pidfd, so that its number stays its own for as long as it is
 * alive; what is learned by the number counts if it is alive afterwards.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct peer {
	pid_t pid;
	uid_t uid;
	int pidfd;
};

#define PEER_INIT           \
	{                   \
		.pidfd = -1 \
	}

/*
 * Finds the process that connected or, on that process's side, the one that
 * listens; of a listening socket, the one that made it listen.
 * Returns: 0; -ESRCH when it has ended, or cannot be seen from here; or another
 * negative errno.
 */
int peer_identify(int fd, struct peer *ret);

/*
 * Finds the process that wrote the next byte; the socket must ask for
 * credentials (SO_PASSCRED).
 * Returns: as peer_identify(), -EAGAIN when there is none yet, -ECONNRESET when
 * none will come.
 */
int peer_of_next_byte(int fd, struct peer *ret);

bool peer_alive(const struct peer *peer);

void peer_finish(struct peer *peer);
