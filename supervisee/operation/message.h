/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message of sendmsg(2), read once from a supervised thread: its data, and
 * its control data with copies of the descriptors that it passes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "operation/credentials.h"

#define MESSAGE_FDS_MAX 253 /* SCM_MAX_FD of the kernel */

struct message {
	unsigned char *data; /* owned */
	size_t length, sent;
	unsigned char *control; /* owned */
	size_t control_length;
	int fds[MESSAGE_FDS_MAX]; /* in the control data; owned */
	size_t fds_count;
	struct credentials credentials;
};

/*
 * Reads what a message header of the thread points to, but not its address.
 * @any_part: as much as is sent at once will do, as for a stream
 * Returns: 0, -EMSGSIZE for more than a datagram can hold, -EFAULT, ...
 */
int message_read(struct message *ret, pid_t tid, const struct msghdr *header,
		 bool any_part);

/* Reads the data of a message that is one piece and has no control data. */
int message_read_piece(struct message *ret, pid_t tid,
		       const struct iovec *piece, bool any_part);

/*
 * Sends what has not been sent of it yet.
 * @address: or NULL
 * Returns: 0, with message->sent more than before, or a negative errno.
 */
int message_send(struct message *message, int socket, int flags,
		 const struct sockaddr *address, socklen_t address_length);

void message_finish(struct message *message);
