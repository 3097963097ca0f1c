// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * connect(2), and sendto(2) with an address.
 *
 * Always performed on the address as read once: no kernel of today holds every
 * kind of address that a swapped one could be.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "operation/abstract.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "operation/socket.h"
#include "task/memory.h"

#define DATAGRAM_BYTES_MAX (256 * 1024)

static int gather_connect(struct trap *trap)
{
	trap->exposed = RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX |
			RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	return trap_gather_socket(trap, 1, 2);
}

static int resolve_unix(struct trap *trap)
{
	struct pin *pin = &trap->pins[0];
	char link[PIN_LINK_BYTES];
	int error =
		pin_path(pin, &trap->views[0], trap->paths[0], PIN_FOLLOW, 0);

	if (error)
		return error;
	if (faccessat(AT_FDCWD, pin_link(pin->target, link), W_OK, AT_EACCESS) <
	    0)
		return -errno;
	if (!S_ISSOCK(pin->stat.st_mode))
		return -ECONNREFUSED;
	/* Whoever decides must not be asked by whom he decides about. */
	if (trap->control_socket && !strcmp(pin->path, trap->control_socket))
		return -EDEADLK;
	trap_need_path(trap, pin, RIGHT_FS_RESOLVE_UNIX);
	return STEP_JUDGE;
}

static int need_abstract(struct trap *trap)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	struct object object = {.type = OBJECT_ABSTRACT};

	object.bytes = trap->address.un.sun_path + 1;
	object.length = trap->address_length - head - 1;
	if (abstract_is_within(object.bytes, object.length, trap->tid,
			       trap->monitor))
		return STEP_PERFORM;
	trap_need(trap, &object, RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET);
	return STEP_JUDGE;
}

static int resolve(struct trap *trap)
{
	if (trap->address_length < sizeof(sa_family_t))
		return STEP_PERFORM; /* the kernel has an error for it */
	if (trap->address.generic.sa_family == AF_UNIX) {
		if (socket_is_abstract(trap))
			return need_abstract(trap);
		if (trap->views[0].tid)
			return resolve_unix(trap);
		return STEP_PERFORM;
	}
	return socket_need_port(trap, RIGHT_NET_CONNECT_TCP,
				RIGHT_NET_CONNECT_SEND_UDP);
}

static int perform_connect(struct trap *trap)
{
	if (trap->pins[0].target >= 0)
		socket_aim_at(trap, trap->pins[0].target);
	return connect(trap->socket, &trap->address.generic,
		       trap->address_length) < 0
		       ? -errno
		       : 0;
}

static bool blocks(const struct trap *trap)
{
	return !(fcntl(trap->socket, F_GETFL) & O_NONBLOCK);
}

const struct operation operation_connect = {
	.gather = gather_connect,
	.resolve = resolve,
	.perform = perform_connect,
	.blocks = blocks,
};

static int gather_sendto(struct trap *trap)
{
	const size_t size = (size_t)trap->data.args[2];
	int error;

	trap->flags = trap->data.args[3];
	trap->exposed = RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX |
			RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	error = trap_gather_socket(trap, 4, 5);
	if (error)
		return error;
	if (size > DATAGRAM_BYTES_MAX)
		return -EMSGSIZE;
	trap->private = malloc(size + 1);
	if (!trap->private)
		return -ENOMEM;
	return memory_read(trap->tid, trap->data.args[1], trap->private, size);
}

static int perform_sendto(struct trap *trap)
{
	ssize_t sent;

	if (trap->pins[0].target >= 0)
		socket_aim_at(trap, trap->pins[0].target);
	sent = sendto(trap->socket, trap->private, (size_t)trap->data.args[2],
		      (int)trap->flags | MSG_NOSIGNAL, &trap->address.generic,
		      trap->address_length);
	if (sent < 0)
		return -errno;
	trap->value = sent;
	return 0;
}

static void release_sendto(struct trap *trap)
{
	free(trap->private);
}

const struct operation operation_sendto = {
	.gather = gather_sendto,
	.resolve = resolve,
	.perform = perform_sendto,
	.blocks = blocks,
	.release = release_sendto,
};
