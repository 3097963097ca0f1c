/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setsockopt(2) that makes a socket a member of a multicast group.
 *
 * The kernel tells the network of it, and whatever anybody sends to the group
 * reaches the socket's port: so it needs what bind(2) to this port does. Other
 * options reach nobody, and are not notified.
 */
#include "operation/membership.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "operation/operations.h"
#include "operation/socket.h"
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

static int gather(struct notif *notif)
{
	struct joining *joining = notif_keep(notif, struct joining);
	const int length = (int)notif->data.args[4];
	int error;

	notif->exposed = RIGHTS_NEVER_HELD;
	error = notif_copy_fd(notif, (int)notif->data.args[0]);
	if (error)
		return error;
	if (length < 0)
		return -EINVAL;
	joining->length = length < OPTION_BYTES ? (size_t)length : OPTION_BYTES;
	return memory_read(notif->tid, notif->data.args[3], joining->bytes,
			   joining->length);
}

static int resolve(struct notif *notif)
{
	/* Others have no such options, or none that do this. */
	if (!socket_is_ip(notif->fd) || socket_is_tcp(notif->fd))
		return STEP_PERFORM;
	notif->address_length = sizeof(notif->address);
	if (getsockname(notif->fd, &notif->address.generic,
			&notif->address_length) < 0)
		return -errno;
	return socket_need_port(notif, RIGHT_NET_BIND_TCP, RIGHT_NET_BIND_UDP);
}

static int perform(struct notif *notif)
{
	const struct joining *joining = notif->private;

	return setsockopt(notif->fd, (int)notif->data.args[1],
			  (int)notif->data.args[2], joining->bytes,
			  (socklen_t)joining->length) < 0
		       ? -errno
		       : 0;
}

const struct operation operation_membership = {
	.rights = "net.bind_udp, of multicast groups",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
