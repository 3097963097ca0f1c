/* SPDX-License-Identifier: GPL-2.0-or-later */
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

static int gather(struct notif *notif)
{
	notif->exposed = RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX |
			 RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	return notif_gather_socket(notif, 1, 2);
}

/* Whether who would have to wait for the peer does so on this machine only. */
static bool is_near(const struct notif *notif)
{
	switch (notif->address.generic.sa_family) {
	case AF_UNIX:
		return true;
	case AF_INET:
		return ntohl(notif->address.in.sin_addr.s_addr) >> 24 ==
		       IN_LOOPBACKNET;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(&notif->address.in6.sin6_addr);
	default:
		return false;
	}
}

static int try_connect(const struct notif *notif)
{
	return connect(notif->fd, &notif->address.generic,
		       notif->address_length) < 0
		       ? -errno
		       : 0;
}

/*
 * By the time to wait for sending, not by O_NONBLOCK: others that have the
 * socket would see that, and read without waiting.
 */
static int connect_impatiently(const struct notif *notif)
{
	const struct timeval least = {.tv_usec = 1};
	struct timeval own;
	socklen_t size = sizeof(own);
	int error;

	if (getsockopt(notif->fd, SOL_SOCKET, SO_SNDTIMEO, &own, &size) ||
	    setsockopt(notif->fd, SOL_SOCKET, SO_SNDTIMEO, &least,
		       sizeof(least)))
		return STEP_WAIT;
	error = try_connect(notif);
	setsockopt(notif->fd, SOL_SOCKET, SO_SNDTIMEO, &own, sizeof(own));
	return error == -EAGAIN || error == -EINPROGRESS || error == -EINTR
		       ? STEP_WAIT
		       : error;
}

static bool is_nonblocking(const struct notif *notif)
{
	return fcntl(notif->fd, F_GETFL) & O_NONBLOCK;
}

static int perform(struct notif *notif)
{
	socket_peer_aim(notif);
	return notif->may_wait || is_nonblocking(notif)
		       ? try_connect(notif)
		       : connect_impatiently(notif);
}

/* A datagram socket has nobody to wait for. */
static bool blocks(const struct notif *notif)
{
	return !is_near(notif) &&
	       socket_is_connected_kind(socket_type(notif->fd)) &&
	       !is_nonblocking(notif);
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
