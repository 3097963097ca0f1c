// SPDX-License-Identifier: GPL-2.0-or-later
/* The peer of a connection or a datagram: see socket_peer.h. */
#include "operation/socket_peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/abstract.h"
#include "operation/nest_address.h"
#include "operation/pathname.h"
#include "operation/socket.h"
#include "path/handle.h"

/* By its name, or by another one that was made for it. */
static bool is_control_socket(const struct trap *trap, const struct pin *pin)
{
	struct stat st;

	return trap->tree->control_socket &&
	       (!strcmp(pin->path, trap->tree->control_socket) ||
		(!stat(trap->tree->control_socket, &st) &&
		 st.st_dev == pin->stat.st_dev &&
		 st.st_ino == pin->stat.st_ino));
}

static int resolve_unix(struct trap *trap)
{
	struct pin *pin = &trap->pins[0];
	int error;

	if (trap->address_length > sizeof(trap->address.un))
		return -EINVAL;
	error = pin_path(pin, &trap->views[0], trap->paths[0], PIN_FOLLOW, 0);

	if (error)
		return error;
	error = handle_access(pin->target, W_OK);
	if (error)
		return error;
	if (!S_ISSOCK(pin->stat.st_mode))
		return -ECONNREFUSED;
	/* Whoever decides must not be asked by whom he decides about. */
	if (is_control_socket(trap, pin))
		return -EDEADLK;
	trap_need_path(trap, pin,
		       RIGHT_FS_RESOLVE_UNIX |
			       RIGHT_SCOPE_PATHNAME_UNIX_SOCKET);
	return STEP_JUDGE;
}

bool socket_peer_narrow(struct trap *trap)
{
	struct need *need = &trap->accesses.needs[0];

	if (!trap->accesses.count || need->object.type != OBJECT_PATH ||
	    need->within || !pathname_is_within(trap, &trap->pins[0]))
		return false;
	need->rights = RIGHT_FS_RESOLVE_UNIX;
	need->within = true;
	return true;
}

static int need_abstract(struct trap *trap)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	struct object object = {.type = OBJECT_ABSTRACT};

	object.bytes = trap->address.un.sun_path + 1;
	object.length = trap->address_length - head - 1;
	if (object.length == strlen(NEST_ADDRESS) &&
	    !memcmp(object.bytes, NEST_ADDRESS, object.length)) {
		trap->maker = MAKER_SUPERVISOR;
		return STEP_PERFORM;
	}
	if (abstract_is_within(object.bytes, object.length, trap))
		return STEP_PERFORM;
	trap_need(trap, &object, RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET);
	return STEP_JUDGE;
}

int socket_peer_resolve(struct trap *trap)
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

void socket_peer_aim(struct trap *trap)
{
	if (trap->pins[0].target >= 0)
		socket_aim_at(trap, trap->pins[0].target);
}
