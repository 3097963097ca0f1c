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

uint16_t socket_port(const struct trap *trap)
{
	switch (trap->address.generic.sa_family) {
	case AF_INET:
		return ntohs(trap->address.in.sin_port);
	case AF_INET6:
		return ntohs(trap->address.in6.sin6_port);
	default:
		return 0;
	}
}

/*
 * What no right for a port is about: to reach somebody needs what making such a
 * socket does, however the program has come by it.
 */
static int need_kind(struct trap *trap)
{
	struct object object = {.type = OBJECT_SOCKET};

	object.family = socket_option(trap->socket, SO_DOMAIN);
	object.socket_type = socket_option(trap->socket, SO_TYPE);
	object.protocol = socket_option(trap->socket, SO_PROTOCOL);
	trap_need(trap, &object, RIGHT_PERM_SOCKET_CREATE);
	return STEP_JUDGE;
}

/* Of kinds that tell what they were made as; others were judged then. */
static int need_other(struct trap *trap)
{
	const int domain = socket_option(trap->socket, SO_DOMAIN);

	return domain == AF_NETLINK || domain == AF_VSOCK ? need_kind(trap)
							  : STEP_PERFORM;
}

int socket_need_port(struct trap *trap, rights_t tcp, rights_t udp)
{
	struct object object = {.type = OBJECT_PORT};

	switch (trap->address.generic.sa_family) {
	case AF_INET:
		if (trap->address_length < sizeof(trap->address.in))
			return STEP_PERFORM;
		inet_ntop(AF_INET, &trap->address.in.sin_addr, object.address,
			  sizeof(object.address));
		break;
	case AF_INET6:
		if (trap->address_length <
		    offsetof(struct sockaddr_in6, sin6_scope_id))
			return STEP_PERFORM;
		inet_ntop(AF_INET6, &trap->address.in6.sin6_addr,
			  object.address, sizeof(object.address));
		break;
	default:
		return need_other(trap);
	}
	object.port = socket_port(trap);
	if (socket_is_tcp(trap->socket))
		trap_need(trap, &object, tcp);
	else if (is_udp(trap->socket))
		trap_need(trap, &object, udp);
	else
		return need_kind(trap);
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
