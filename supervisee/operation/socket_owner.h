/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which sockets the processes of a tree have.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether a process below @monitor has the socket with that inode open, and a
 * copy of it passes a test.
 */
bool socket_owner_find(pid_t monitor, ino_t inode,
		       bool (*test)(int socket, void *userdata),
		       void *userdata);
