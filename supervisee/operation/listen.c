/* SPDX-License-Identifier: GPL-2.0-or-later */
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

#include "operation/operations.h"
#include "operation/socket.h"

/* Of the kernel, for tcpi_state. */
#define STATE_CLOSE 7
#define STATE_LISTEN 10

struct listening {
	uint16_t port; /* that it was looked at with; 0: none */
};

static int gather(struct notif *notif)
{
	notif_keep(notif, struct listening);
	notif->exposed = RIGHTS_NEVER_HELD;
	return notif_copy_fd(notif, (int)notif->data.args[0]);
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

static int resolve(struct notif *notif)
{
	struct listening *listening = notif->private;
	int state;

	if (!can_listen(notif->fd))
		return STEP_PERFORM;
	notif->address_length = sizeof(notif->address);
	state = tcp_state(notif->fd);
	/* One that is being connected has a port for only as long. */
	if (socket_is_tcp(notif->fd) && state >= 0 && state != STATE_CLOSE &&
	    state != STATE_LISTEN)
		return notif_fail(notif, -EINVAL);
	if (getsockname(notif->fd, &notif->address.generic,
			&notif->address_length) < 0)
		return -errno;
	listening->port = socket_port(notif);
	if (listening->port && socket_is_tcp(notif->fd))
		return STEP_PERFORM;
	return socket_need_port(notif, RIGHT_NET_BIND_TCP, RIGHT_NET_BIND_UDP);
}

/* Whether it has lost the port for which nobody had to be asked. */
static bool has_another_port(struct notif *notif)
{
	const struct listening *listening = notif->private;

	notif->address_length = sizeof(notif->address);
	return listening->port && can_listen(notif->fd) &&
	       !getsockname(notif->fd, &notif->address.generic,
			    &notif->address_length) &&
	       socket_port(notif) != listening->port;
}

static int perform(struct notif *notif)
{
	if (listen(notif->fd, (int)notif->data.args[1]) < 0)
		return -errno;
	if (has_another_port(notif)) {
		shutdown(notif->fd, SHUT_RDWR);
		return -EACCES;
	}
	return 0;
}

const struct operation operation_listen = {
	.rights = "net.bind_tcp, where nothing was bound",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
