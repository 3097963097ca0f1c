/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message of sendmsg(2), read once from a supervised thread: its data, and
 * its control data with copies of the descriptors that it passes.
 */
#pragma once

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#define MESSAGE_FDS_MAX 253 /* SCM_MAX_FD of the kernel */

struct message {
	unsigned char *data; /* owned */
	size_t length;
	unsigned char *control; /* owned */
	size_t control_length;
	int fds[MESSAGE_FDS_MAX]; /* in the control data; owned */
	size_t fds_count;
};

/*
 * Reads what a message header of the thread points to, but not its address.
 * Returns: 0, -EMSGSIZE for more than a datagram can hold, -EFAULT, ...
 */
int message_read(struct message *ret, pid_t tid, const struct msghdr *header);

/* Reads the data of a message that is one piece and has no control data. */
int message_read_piece(struct message *ret, pid_t tid,
		       const struct iovec *piece);

/*
 * Sends it.
 * @address: or NULL
 * Returns: bytes sent, or a negative errno.
 */
ssize_t message_send(const struct message *message, int socket, int flags,
		     const struct sockaddr *address, socklen_t address_length);

void message_finish(struct message *message);
