// SPDX-License-Identifier: GPL-2.0-or-later
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
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/message.h"
#include "operation/operations.h"
#include "operation/socket.h"
#include "operation/socket_peer.h"
#include "task/descriptor.h"
#include "task/memory.h"
#include "task/tree.h"

/* Whether the kernel may be trusted to send from this socket by itself. */
static bool harmless(const struct trap *trap)
{
	if (!socket_is_connected_kind(socket_type(trap->socket)))
		return false;
	/* TCP Fast Open connects; the flags are in a register. */
	return !(trap->flags & MSG_FASTOPEN) && !trap->tree->shared_tables &&
	       tree_is_alone(trap->tid);
}

static int gather_address(struct trap *trap, uint64_t address, size_t length)
{
	if (length > sizeof(trap->address))
		return -EINVAL;
	memset(&trap->address, 0, sizeof(trap->address));
	trap->address_length = (socklen_t)length;
	if (!address || !length) {
		trap->address_length = 0;
		return 0;
	}
	if (memory_read(trap->tid, address, &trap->address, length))
		return -EFAULT;
	return socket_gather_path(trap);
}

static int begin(struct trap *trap)
{
	trap->exposed = RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX |
			RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	trap->socket = descriptor_copy(trap->tid, (int)trap->data.args[0]);
	if (trap->socket < 0)
		return fd_take(&trap->socket);
	trap->private = calloc(1, sizeof(struct message));
	return trap->private ? 0 : -ENOMEM;
}

/* A stream takes as much as it likes. */
static bool is_stream(const struct trap *trap)
{
	return socket_type(trap->socket) == SOCK_STREAM;
}

static int gather_sendto(struct trap *trap)
{
	struct iovec piece = {
		.iov_base = (void *)(uintptr_t)trap->data.args[1],
		.iov_len = (size_t)trap->data.args[2],
	};
	int error;

	trap->flags = trap->data.args[3];
	error = begin(trap);
	if (!error)
		error = message_read_piece(trap->private, trap->tid, &piece,
					   is_stream(trap));
	if (!error)
		error = gather_address(trap, trap->data.args[4],
				       (size_t)trap->data.args[5]);
	return error;
}

static int gather_sendmsg(struct trap *trap)
{
	const bool many = trap->call->number == SYS_sendmmsg;
	struct msghdr header;
	int error;

	trap->flags = trap->data.args[many ? 3 : 2];
	if (!trap->tree->datagrams && !(trap->flags & MSG_FASTOPEN)) {
		trap->exposed = 0;
		return STEP_NATIVE;
	}
	if (many && trap->data.args[2] == 0)
		return -EINVAL; /* nothing to send; the kernel says 0 */
	error = begin(trap);
	if (error)
		return error;
	if (harmless(trap)) {
		trap->exposed = 0;
		return STEP_NATIVE;
	}
	error = memory_read(trap->tid, trap->data.args[1], &header,
			    sizeof(header));
	if (!error)
		error = message_read(trap->private, trap->tid, &header,
				     is_stream(trap));
	if (!error)
		error = gather_address(trap,
				       (uint64_t)(uintptr_t)header.msg_name,
				       header.msg_namelen);
	return error;
}

static int resolve(struct trap *trap)
{
	const int type = socket_type(trap->socket);

	/* An address means nothing to these, but for Fast Open. */
	if (!trap->address_length ||
	    (socket_is_connected_kind(type) && !(trap->flags & MSG_FASTOPEN)))
		return STEP_PERFORM;
	/* Fast Open refuses it, datagrams do not. */
	if (type == SOCK_DGRAM)
		socket_name_family(trap);
	return socket_peer_resolve(trap);
}

/* Tells sendmmsg's caller how much of its first message was sent. */
static int store_length(const struct trap *trap, unsigned int length)
{
	const uint64_t at =
		trap->data.args[1] + offsetof(struct mmsghdr, msg_len);

	return memory_write(trap->tid, at, &length, sizeof(length));
}

/* Whether the program waits until all is sent. */
static bool is_blocking(const struct trap *trap)
{
	return !(trap->flags & MSG_DONTWAIT) &&
	       !(fcntl(trap->socket, F_GETFL) & O_NONBLOCK);
}

/* Sends as much as there is room for, or in a worker all of it. */
static int send_on(struct trap *trap)
{
	struct message *message = trap->private;
	const bool blocking = is_blocking(trap);
	const int flags = (int)trap->flags |
			  (blocking && !trap->may_wait ? MSG_DONTWAIT : 0);
	int error;

	do
		error = message_send(
			message, trap->socket, flags,
			trap->address_length ? &trap->address.generic : NULL,
			trap->address_length);
	while (!error && trap->may_wait && blocking &&
	       message->sent < message->length);
	if (blocking && !trap->may_wait &&
	    (error == -EAGAIN || (!error && message->sent < message->length)))
		return STEP_WAIT;
	return message->sent ? 0 : error;
}

static int perform(struct trap *trap)
{
	const struct message *message = trap->private;
	int step;

	socket_peer_aim(trap);
	step = send_on(trap);
	if (step == -EPIPE && !(trap->flags & MSG_NOSIGNAL) && is_stream(trap))
		trap->raises = SIGPIPE;
	if (step)
		return step;
	trap->value = (int64_t)message->sent;
	if (trap->call->number != SYS_sendmmsg)
		return 0;
	trap->value = 1;
	return store_length(trap, (unsigned int)message->sent);
}

/* Where it connects, it cannot be tried without waiting; nor can what is told
 * to sendmmsg's caller. */
static bool blocks(const struct trap *trap)
{
	if (trap->careful && trap->call->number == SYS_sendmmsg)
		return true;
	return (trap->flags & MSG_FASTOPEN) && is_blocking(trap);
}

static void release(struct trap *trap)
{
	if (trap->private)
		message_finish(trap->private);
	free(trap->private);
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
