// SPDX-License-Identifier: GPL-2.0-or-later
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

#include "base/fd.h"
#include "task/descriptor.h"
#include "path/handle.h"
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

int trap_gather_socket(struct trap *trap, int address_index, int length_index)
{
	const int length = (int)trap->data.args[length_index];
	int error;

	trap->socket = descriptor_copy(trap->tid, (int)trap->data.args[0]);
	if (trap->socket < 0)
		return fd_take(&trap->socket);
	if (length < 0 || (size_t)length > sizeof(trap->address))
		return -EINVAL;
	memset(&trap->address, 0, sizeof(trap->address));
	error = memory_read(trap->tid, trap->data.args[address_index],
			    &trap->address, (size_t)length);
	if (error)
		return error;
	trap->address_length = (socklen_t)length;
	return socket_gather_path(trap);
}

bool socket_is_abstract(const struct trap *trap)
{
	return trap->address.generic.sa_family == AF_UNIX &&
	       trap->address_length > offsetof(struct sockaddr_un, sun_path) &&
	       !trap->address.un.sun_path[0];
}

bool socket_unix_path(const struct trap *trap, char path[PATH_MAX])
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);

	if (trap->address.generic.sa_family != AF_UNIX ||
	    trap->address_length <= head || socket_is_abstract(trap))
		return false;
	snprintf(path, PATH_MAX, "%.*s", (int)(trap->address_length - head),
		 trap->address.un.sun_path);
	return true;
}

int socket_gather_path(struct trap *trap)
{
	if (!socket_unix_path(trap, trap->paths[0]))
		return 0;
	return view_open(&trap->views[0], trap->tid, trap->monitor, AT_FDCWD,
			 trap->paths[0], trap->foreign_root);
}

static int socket_option(int fd, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? -1
								     : value;
}

void socket_name_family(struct trap *trap)
{
	if (trap->address.generic.sa_family == AF_UNSPEC &&
	    trap->address_length >= sizeof(trap->address.in) &&
	    socket_option(trap->socket, SO_DOMAIN) == AF_INET)
		trap->address.generic.sa_family = AF_INET;
}

int socket_need_port(struct trap *trap, rights_t tcp, rights_t udp)
{
	struct object object = {.type = OBJECT_PORT};
	const int type = socket_option(trap->socket, SO_TYPE);
	const int protocol = socket_option(trap->socket, SO_PROTOCOL);

	switch (trap->address.generic.sa_family) {
	case AF_INET:
		if (trap->address_length < sizeof(trap->address.in))
			return STEP_PERFORM;
		object.port = ntohs(trap->address.in.sin_port);
		inet_ntop(AF_INET, &trap->address.in.sin_addr, object.address,
			  sizeof(object.address));
		break;
	case AF_INET6:
		if (trap->address_length <
		    offsetof(struct sockaddr_in6, sin6_scope_id))
			return STEP_PERFORM;
		object.port = ntohs(trap->address.in6.sin6_port);
		inet_ntop(AF_INET6, &trap->address.in6.sin6_addr,
			  object.address, sizeof(object.address));
		break;
	default:
		return STEP_PERFORM;
	}
	if (type == SOCK_STREAM &&
	    (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP))
		trap_need(trap, &object, tcp);
	else if (type == SOCK_DGRAM && protocol != IPPROTO_ICMP &&
		 protocol != IPPROTO_ICMPV6)
		trap_need(trap, &object, udp);
	else
		return STEP_PERFORM;
	return STEP_JUDGE;
}

void socket_aim_at(struct trap *trap, int pinned)
{
	struct sockaddr_un *address = &trap->address.un;

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	handle_link(pinned, address->sun_path);
	trap->address_length =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			    strlen(address->sun_path) + 1);
}
