/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sendto(2) with an address, sendmsg(2), sendmmsg(2).
 *
 * Only a datagram socket can be sent from to an address of the moment, and any
 * with TCP Fast Open, which is a flag in a register. As long as the tree cannot
 * have a datagram socket, no swapped header and no swapped descriptor can reach
 * any, and the kernel may run sendmsg as it is. It can have one that it has
 * made, that it was started with, or that somebody has sent to it, through a
 * UNIX socket that is or may be connected out of the tree. From then on the
 * kernel may only send from a connected kind of socket whose descriptor nobody
 * can replace: neither another thread nor a process that shares the
 * descriptors. All else is sent by the monitor, from a copy of the socket and
 * of the message.
 *
 * sendmmsg sends its first message only: the caller is told "one", and goes on
 * with the rest, as it must be ready to.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/message.h"
#include "operation/operations.h"
#include "operation/socket.h"
#include "operation/socket_peer.h"
#include "task/memory.h"
#include "task/tree.h"

/* Whether the kernel may be trusted to send from this socket by itself. */
static bool harmless(const struct notif *notif)
{
	if (!socket_is_connected_kind(socket_type(notif->fd)))
		return false;
	/* TCP Fast Open connects; the flags are in a register. */
	return !(notif->flags & MSG_FASTOPEN) && !notif->tree->shared_tables &&
	       tree_is_alone(notif->tid);
}

static int gather_address(struct notif *notif, uint64_t address, size_t length)
{
	if (length > sizeof(notif->address))
		return -EINVAL;
	memset(&notif->address, 0, sizeof(notif->address));
	notif->address_length = (socklen_t)length;
	if (!address || !length) {
		notif->address_length = 0;
		return 0;
	}
	if (memory_read(notif->tid, address, &notif->address, length))
		return -EFAULT;
	return socket_gather_path(notif);
}

static int begin(struct notif *notif)
{
	int error;

	notif->exposed = RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX |
			 RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	error = notif_copy_fd(notif, (int)notif->data.args[0]);
	if (error)
		return error;
	notif_keep(notif, struct message);
	return 0;
}

/* A stream takes as much as it likes. */
static bool is_stream(const struct notif *notif)
{
	return socket_type(notif->fd) == SOCK_STREAM;
}

static int gather_sendto(struct notif *notif)
{
	struct iovec piece = {
		.iov_base = (void *)(uintptr_t)notif->data.args[1],
		.iov_len = (size_t)notif->data.args[2],
	};
	int error;

	notif->flags = notif->data.args[3];
	error = begin(notif);
	if (!error)
		error = message_read_piece(notif->private, notif->tid, &piece,
					   is_stream(notif));
	if (!error)
		error = gather_address(notif, notif->data.args[4],
				       (size_t)notif->data.args[5]);
	return error;
}

static int gather_sendmsg(struct notif *notif)
{
	const bool many = notif->call->number == SYS_sendmmsg;
	struct msghdr header;
	int error;

	notif->flags = notif->data.args[many ? 3 : 2];
	if (!notif->tree->datagrams && !(notif->flags & MSG_FASTOPEN)) {
		notif->exposed = 0;
		return STEP_NATIVE;
	}
	if (many && notif->data.args[2] == 0)
		return -EINVAL; /* nothing to send; the kernel says 0 */
	error = begin(notif);
	if (error)
		return error;
	if (harmless(notif)) {
		notif->exposed = 0;
		return STEP_NATIVE;
	}
	error = memory_read(notif->tid, notif->data.args[1], &header,
			    sizeof(header));
	if (!error)
		error = message_read(notif->private, notif->tid, &header,
				     is_stream(notif));
	if (!error)
		error = gather_address(notif,
				       (uint64_t)(uintptr_t)header.msg_name,
				       header.msg_namelen);
	return error;
}

static int resolve(struct notif *notif)
{
	const int type = socket_type(notif->fd);

	/* An address means nothing to these, but for Fast Open. */
	if (!notif->address_length ||
	    (socket_is_connected_kind(type) && !(notif->flags & MSG_FASTOPEN)))
		return STEP_PERFORM;
	/* Fast Open refuses it, datagrams do not. */
	if (type == SOCK_DGRAM)
		socket_name_family(notif);
	return socket_peer_resolve(notif);
}

/* Tells sendmmsg's caller how much of its first message was sent. */
static int store_length(const struct notif *notif, unsigned int length)
{
	const uint64_t at =
		notif->data.args[1] + offsetof(struct mmsghdr, msg_len);

	return memory_write(notif->tid, at, &length, sizeof(length));
}

/* Whether the program waits until all is sent. */
static bool is_blocking(const struct notif *notif)
{
	return !(notif->flags & MSG_DONTWAIT) &&
	       !(fcntl(notif->fd, F_GETFL) & O_NONBLOCK);
}

/* Sends as much as there is room for, or in a worker all of it. */
static int send_on(struct notif *notif)
{
	struct message *message = notif->private;
	const bool blocking = is_blocking(notif);
	const int flags = (int)notif->flags |
			  (blocking && !notif->may_wait ? MSG_DONTWAIT : 0);
	int error;

	do
		error = message_send(
			message, notif->fd, flags,
			notif->address_length ? &notif->address.generic : NULL,
			notif->address_length);
	while (!error && notif->may_wait && blocking &&
	       message->sent < message->length);
	if (blocking && !notif->may_wait &&
	    (error == -EAGAIN || (!error && message->sent < message->length)))
		return STEP_WAIT;
	return message->sent ? 0 : error;
}

static int perform(struct notif *notif)
{
	const struct message *message = notif->private;
	int step;

	socket_peer_aim(notif);
	step = send_on(notif);
	if (step == -EPIPE && !(notif->flags & MSG_NOSIGNAL) &&
	    is_stream(notif))
		notif->raises = SIGPIPE;
	if (step)
		return step;
	notif->value = (int64_t)message->sent;
	if (notif->call->number != SYS_sendmmsg)
		return 0;
	notif->value = 1;
	return store_length(notif, (unsigned int)message->sent);
}

/* Where it connects, it cannot be tried without waiting; nor can what is told
 * to sendmmsg's caller. */
static bool blocks(const struct notif *notif)
{
	if (notif->careful && notif->call->number == SYS_sendmmsg)
		return true;
	return (notif->flags & MSG_FASTOPEN) && is_blocking(notif);
}

static void release(struct notif *notif)
{
	message_finish(notif->private);
}

const struct operation operation_sendto = {
	.rights = "net.connect_*, scope.*_unix_socket, fs.resolve_unix",
	.kernel_asks = RIGHTS_TO_PEERS,
	.gather = gather_sendto,
	.resolve = resolve,
	.narrow = socket_peer_narrow,
	.perform = perform,
	.blocks = blocks,
	.release = release,
};

const struct operation operation_sendmsg = {
	.rights = "net.connect_*, scope.*_unix_socket, fs.resolve_unix",
	.kernel_asks = RIGHTS_TO_PEERS,
	.gather = gather_sendmsg,
	.resolve = resolve,
	.narrow = socket_peer_narrow,
	.perform = perform,
	.blocks = blocks,
	.release = release,
};
