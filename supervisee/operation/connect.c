// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * connect(2).
 *
 * Always performed on the address as read once: no kernel of today holds every
 * kind of address that a swapped one could be.
 *
 * Most connections that a program would wait for come about at once: on this
 * machine, where the peer has room for one more. So they are tried with hardly
 * any patience, and only what takes longer is left to a worker.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "operation/operations.h"
#include "operation/socket.h"
#include "operation/socket_peer.h"

static int gather(struct trap *trap)
{
	trap->exposed = RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX |
			RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	return trap_gather_socket(trap, 1, 2);
}

/* Whether who would have to wait for the peer does so on this machine only. */
static bool is_near(const struct trap *trap)
{
	switch (trap->address.generic.sa_family) {
	case AF_UNIX:
		return true;
	case AF_INET:
		return ntohl(trap->address.in.sin_addr.s_addr) >> 24 ==
		       IN_LOOPBACKNET;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(&trap->address.in6.sin6_addr);
	default:
		return false;
	}
}

static int try_connect(const struct trap *trap)
{
	return connect(trap->socket, &trap->address.generic,
		       trap->address_length) < 0
		       ? -errno
		       : 0;
}

/*
 * By the time to wait for sending, not by O_NONBLOCK: others that have the
 * socket would see that, and read without waiting.
 */
static int connect_impatiently(const struct trap *trap)
{
	const struct timeval least = {.tv_usec = 1};
	struct timeval own;
	socklen_t size = sizeof(own);
	int error;

	if (getsockopt(trap->socket, SOL_SOCKET, SO_SNDTIMEO, &own, &size) ||
	    setsockopt(trap->socket, SOL_SOCKET, SO_SNDTIMEO, &least,
		       sizeof(least)))
		return STEP_WAIT;
	error = try_connect(trap);
	setsockopt(trap->socket, SOL_SOCKET, SO_SNDTIMEO, &own, sizeof(own));
	return error == -EAGAIN || error == -EINPROGRESS || error == -EINTR
		       ? STEP_WAIT
		       : error;
}

static bool is_nonblocking(const struct trap *trap)
{
	return fcntl(trap->socket, F_GETFL) & O_NONBLOCK;
}

static int perform(struct trap *trap)
{
	socket_peer_aim(trap);
	return trap->may_wait || is_nonblocking(trap)
		       ? try_connect(trap)
		       : connect_impatiently(trap);
}

/* A datagram socket has nobody to wait for. */
static bool blocks(const struct trap *trap)
{
	return socket_is_connected_kind(socket_type(trap->socket)) &&
	       !is_near(trap) && !is_nonblocking(trap);
}

const struct operation operation_connect = {
	.rights = "net.connect_*, scope.*_unix_socket, fs.resolve_unix",
	.kernel_asks = RIGHTS_TO_PEERS,
	.gather = gather,
	.resolve = socket_peer_resolve,
	.narrow = socket_peer_narrow,
	.perform = perform,
	.blocks = blocks,
};
