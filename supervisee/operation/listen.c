// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * listen(2).
 *
 * On a TCP socket that has no port it chooses one, as bind(2) to port 0 does,
 * and needs the same right; Landlock does not look at it. The kernel is not let
 * run it on a number that could come to mean another socket meanwhile: it is
 * always performed, on the socket that was looked at.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/operations.h"
#include "operation/socket.h"
#include "task/descriptor.h"

/* Of the kernel, for tcpi_state. */
#define STATE_CLOSE 7
#define STATE_LISTEN 10

static int gather(struct trap *trap)
{
	trap->exposed = RIGHTS_NEVER_HELD;
	trap->socket = descriptor_copy(trap->tid, (int)trap->data.args[0]);
	return trap->socket < 0 ? fd_take(&trap->socket) : 0;
}

/* -1 where there is none to tell. */
static int tcp_state(int fd)
{
	struct tcp_info info = {0};
	socklen_t size = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
		return -1;
	return info.tcpi_state;
}

/* Whether it is of a kind that others connect to. */
static bool can_listen(int fd)
{
	const int type = socket_type(fd);

	return socket_is_ip(fd) && type != SOCK_DGRAM && type != SOCK_RAW;
}

static int resolve(struct trap *trap)
{
	int state;

	if (!can_listen(trap->socket))
		return STEP_PERFORM;
	trap->address_length = sizeof(trap->address);
	state = tcp_state(trap->socket);
	/* One that is being connected has a port for only as long. */
	if (socket_is_tcp(trap->socket) && state >= 0 && state != STATE_CLOSE &&
	    state != STATE_LISTEN)
		return trap_fail(trap, -EINVAL);
	if (getsockname(trap->socket, &trap->address.generic,
			&trap->address_length) < 0)
		return -errno;
	trap->value = socket_port(trap);
	if (trap->value && socket_is_tcp(trap->socket))
		return STEP_PERFORM;
	return socket_need_port(trap, RIGHT_NET_BIND_TCP, RIGHT_NET_BIND_UDP);
}

/* Whether it has lost the port for which nobody had to be asked. */
static bool has_another_port(struct trap *trap)
{
	const int64_t port = trap->value;

	trap->address_length = sizeof(trap->address);
	return port && can_listen(trap->socket) &&
	       !getsockname(trap->socket, &trap->address.generic,
			    &trap->address_length) &&
	       socket_port(trap) != port;
}

static int perform(struct trap *trap)
{
	if (listen(trap->socket, (int)trap->data.args[1]) < 0)
		return -errno;
	if (has_another_port(trap)) {
		shutdown(trap->socket, SHUT_RDWR);
		return -EACCES;
	}
	trap->value = 0;
	return 0;
}

const struct operation operation_listen = {
	.rights = "net.bind_tcp, where nothing was bound",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
