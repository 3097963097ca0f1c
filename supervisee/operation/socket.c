/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the operations on sockets share: see socket.h. */
#include "operation/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/object_names.h"
#include "path/opath.h"
#include "task/memory.h"
#include "task/tree.h"

bool socket_is_connected_kind(int type)
{
	return type == SOCK_STREAM || type == SOCK_SEQPACKET;
}

int socket_type(int fd)
{
	int type = 0;
	socklen_t size = sizeof(type);

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
	return type;
}

bool socket_brings_datagrams(int fd)
{
	const int type = socket_type(fd);
	int domain = AF_UNIX;
	socklen_t size = sizeof(domain);

	if (!type)
		return false;
	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size);
	return domain == AF_UNIX || !socket_is_connected_kind(type);
}

int notif_gather_socket(struct notif *notif, int address_index,
			int length_index)
{
	const int length = (int)notif->data.args[length_index];
	int error;

	error = notif_copy_fd(notif, (int)notif->data.args[0]);
	if (error)
		return error;
	if (length < 0 || (size_t)length > sizeof(notif->address))
		return -EINVAL;
	memset(&notif->address, 0, sizeof(notif->address));
	error = memory_read(notif->tid, notif->data.args[address_index],
			    &notif->address, (size_t)length);
	if (error)
		return error;
	notif->address_length = (socklen_t)length;
	return socket_gather_path(notif);
}

static int socket_option(int fd, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? -1
								     : value;
}

bool socket_is_unix(int fd)
{
	return socket_option(fd, SO_DOMAIN) == AF_UNIX;
}

bool socket_is_abstract(const struct notif *notif)
{
	return notif->address.generic.sa_family == AF_UNIX &&
	       notif->address_length > offsetof(struct sockaddr_un, sun_path) &&
	       !notif->address.un.sun_path[0];
}

static bool unix_path(const struct notif *notif, char path[PATH_MAX])
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);

	if (notif->address.generic.sa_family != AF_UNIX ||
	    notif->address_length <= head || socket_is_abstract(notif) ||
	    !socket_is_unix(notif->fd))
		return false;
	snprintf(path, PATH_MAX, "%.*s", (int)(notif->address_length - head),
		 notif->address.un.sun_path);
	return true;
}

int socket_gather_path(struct notif *notif)
{
	if (!unix_path(notif, notif->paths[0]))
		return 0;
	return lookup_base_open(&notif->bases[0], notif->source, notif->tid,
				notif->monitor, AT_FDCWD, notif->paths[0],
				notif->foreign_root);
}

void socket_name_family(struct notif *notif)
{
	if (notif->address.generic.sa_family == AF_UNSPEC &&
	    notif->address_length >= sizeof(notif->address.in) &&
	    socket_option(notif->fd, SO_DOMAIN) == AF_INET)
		notif->address.generic.sa_family = AF_INET;
}

bool socket_is_ip(int fd)
{
	const int domain = socket_option(fd, SO_DOMAIN);

	return domain == AF_INET || domain == AF_INET6;
}

bool socket_is_tcp(int fd)
{
	const int protocol = socket_option(fd, SO_PROTOCOL);

	return socket_is_ip(fd) && socket_option(fd, SO_TYPE) == SOCK_STREAM &&
	       (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
}

static bool is_udp(int fd)
{
	const int protocol = socket_option(fd, SO_PROTOCOL);

	return socket_is_ip(fd) && socket_option(fd, SO_TYPE) == SOCK_DGRAM &&
	       (protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE);
}

uint16_t socket_port(const struct notif *notif)
{
	switch (notif->address.generic.sa_family) {
	case AF_INET:
		return ntohs(notif->address.in.sin_port);
	case AF_INET6:
		return ntohs(notif->address.in6.sin6_port);
	default:
		return 0;
	}
}

/*
 * What no right for a port is about: to reach somebody needs what making such a
 * socket does, however the program has come by it.
 */
static int need_kind(struct notif *notif)
{
	struct object object = {.type = OBJECT_SOCKET};

	object.family = socket_option(notif->fd, SO_DOMAIN);
	object.socket_type = socket_option(notif->fd, SO_TYPE);
	object.protocol = socket_option(notif->fd, SO_PROTOCOL);
	socket_normalize(&object.family, &object.socket_type, &object.protocol);
	notif_need(notif, &object, RIGHT_PERM_SOCKET_CREATE);
	return STEP_JUDGE;
}

/* Of kinds that tell what they were made as; others were judged then. */
static int need_other(struct notif *notif)
{
	const int domain = socket_option(notif->fd, SO_DOMAIN);

	return domain == AF_NETLINK || domain == AF_VSOCK ? need_kind(notif)
							  : STEP_PERFORM;
}

/* @connects: to it, and not from it */
static void aim(struct object *object, int family, const void *address,
		bool connects)
{
	inet_ntop(family, address, object->address, sizeof(object->address));
	object->network = connects ? network_of_peer(family, address)
				   : network_of(family, address);
	/* To be bound to all addresses is to be bound to some that matter. */
	if (network_is_unspecified(&object->network))
		object->network = (struct network){0};
}

int socket_need_port(struct notif *notif, rights_t tcp, rights_t udp)
{
	struct object object = {.type = OBJECT_PORT};
	const bool connects = (tcp | udp) & (RIGHT_NET_CONNECT_TCP |
					     RIGHT_NET_CONNECT_SEND_UDP);

	switch (notif->address.generic.sa_family) {
	case AF_INET:
		if (notif->address_length < sizeof(notif->address.in))
			return STEP_PERFORM;
		aim(&object, AF_INET, &notif->address.in.sin_addr, connects);
		break;
	case AF_INET6:
		if (notif->address_length <
		    offsetof(struct sockaddr_in6, sin6_scope_id))
			return STEP_PERFORM;
		aim(&object, AF_INET6, &notif->address.in6.sin6_addr, connects);
		break;
	default:
		return need_other(notif);
	}
	object.port = socket_port(notif);
	if (socket_is_tcp(notif->fd))
		notif_need(notif, &object, tcp);
	else if (is_udp(notif->fd))
		notif_need(notif, &object, udp);
	else
		return need_kind(notif);
	return STEP_JUDGE;
}

void socket_aim_at(struct notif *notif, int pinned)
{
	struct sockaddr_un *address = &notif->address.un;

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	opath_link(pinned, address->sun_path);
	notif->address_length =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			    strlen(address->sun_path) + 1);
}
