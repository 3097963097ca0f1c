// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * setsockopt(2) that makes a socket a member of a multicast group.
 *
 * The kernel tells the network of it, and whatever anybody sends to the group
 * reaches the socket's port: so it needs what bind(2) to this port does. Other
 * options reach nobody, and do not trap.
 */
#include "operation/membership.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "operation/operations.h"
#include "operation/socket.h"
#include "task/descriptor.h"
#include "task/memory.h"

#define OPTION_BYTES 512 /* more than the kernel reads of any */

struct joining {
	unsigned char bytes[OPTION_BYTES];
	size_t length;
};

const struct membership memberships[] = {
	{IPPROTO_IP, IP_ADD_MEMBERSHIP},
	{IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP},
	{IPPROTO_IP, MCAST_JOIN_GROUP},
	{IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP},
	{IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP},
	{IPPROTO_IPV6, IPV6_JOIN_ANYCAST},
	{IPPROTO_IPV6, MCAST_JOIN_GROUP},
	{IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP},
};

const size_t memberships_count = ARRAY_SIZE(memberships);

static int gather(struct trap *trap)
{
	struct joining *joining = calloc(1, sizeof(*joining));
	const int length = (int)trap->data.args[4];

	trap->exposed = RIGHTS_NEVER_HELD;
	trap->private = joining;
	if (!joining)
		return -ENOMEM;
	trap->socket = descriptor_copy(trap->tid, (int)trap->data.args[0]);
	if (trap->socket < 0)
		return fd_take(&trap->socket);
	if (length < 0)
		return -EINVAL;
	joining->length = length < OPTION_BYTES ? (size_t)length : OPTION_BYTES;
	return memory_read(trap->tid, trap->data.args[3], joining->bytes,
			   joining->length);
}

static int resolve(struct trap *trap)
{
	/* Others have no such options, or none that do this. */
	if (!socket_is_ip(trap->socket) || socket_is_tcp(trap->socket))
		return STEP_PERFORM;
	trap->address_length = sizeof(trap->address);
	if (getsockname(trap->socket, &trap->address.generic,
			&trap->address_length) < 0)
		return -errno;
	return socket_need_port(trap, RIGHT_NET_BIND_TCP, RIGHT_NET_BIND_UDP);
}

static int perform(struct trap *trap)
{
	const struct joining *joining = trap->private;

	return setsockopt(trap->socket, (int)trap->data.args[1],
			  (int)trap->data.args[2], joining->bytes,
			  (socklen_t)joining->length) < 0
		       ? -errno
		       : 0;
}

static void release(struct trap *trap)
{
	free(trap->private);
}

const struct operation operation_membership = {
	.rights = "net.bind_udp, of multicast groups",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.release = release,
};
