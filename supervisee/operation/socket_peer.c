/* SPDX-License-Identifier: GPL-2.0-or-later */
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
#include "path/opath.h"

/* By its name, or by another one that was made for it. */
static bool is_control_socket(const struct notif *notif, const struct pin *pin)
{
	struct stat st;

	return notif->tree->control_socket &&
	       (strcmp(pin->path, notif->tree->control_socket) == 0 ||
		(!stat(notif->tree->control_socket, &st) &&
		 st.st_dev == pin->stat.st_dev &&
		 st.st_ino == pin->stat.st_ino));
}

static int resolve_unix(struct notif *notif)
{
	struct pin *pin = &notif->pins[0];
	int error;

	if (notif->address_length > sizeof(notif->address.un))
		return -EINVAL;
	error = pin_path(pin, &notif->bases[0], notif->paths[0], PIN_FOLLOW, 0);

	if (error)
		return error;
	error = opath_access(pin->fd, W_OK);
	if (error)
		return error;
	if (!S_ISSOCK(pin->stat.st_mode))
		return -ECONNREFUSED;
	/* Whoever decides must not be asked by whom he decides about. */
	if (is_control_socket(notif, pin))
		return -EDEADLK;
	notif_need_path(notif, pin,
			RIGHT_FS_RESOLVE_UNIX |
				RIGHT_SCOPE_PATHNAME_UNIX_SOCKET);
	return STEP_JUDGE;
}

bool socket_peer_narrow(struct notif *notif)
{
	struct need *need = &notif->accesses.needs[0];

	if (!notif->accesses.count || need->object.type != OBJECT_PATH ||
	    need->within || !pathname_is_within(notif, &notif->pins[0]))
		return false;
	need->rights = RIGHT_FS_RESOLVE_UNIX;
	need->within = true;
	return true;
}

static int need_abstract(struct notif *notif)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	struct object object = {.type = OBJECT_ABSTRACT};

	object.bytes = notif->address.un.sun_path + 1;
	object.length = notif->address_length - head - 1;
	if (object.length == strlen(NEST_ADDRESS) &&
	    memcmp(object.bytes, NEST_ADDRESS, object.length) == 0) {
		notif->maker = MAKER_SUPERVISOR;
		return STEP_PERFORM;
	}
	if (abstract_is_within(object.bytes, object.length, notif))
		return STEP_PERFORM;
	notif_need(notif, &object, RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET);
	return STEP_JUDGE;
}

int socket_peer_resolve(struct notif *notif)
{
	if (notif->address_length < sizeof(sa_family_t))
		return STEP_PERFORM; /* the kernel has an error for it */
	if (notif->address.generic.sa_family == AF_UNIX) {
		if (!socket_is_unix(notif->fd))
			return STEP_PERFORM; /* that is another */
		if (socket_is_abstract(notif))
			return need_abstract(notif);
		if (notif->bases[0].tid)
			return resolve_unix(notif);
		return STEP_PERFORM;
	}
	return socket_need_port(notif, RIGHT_NET_CONNECT_TCP,
				RIGHT_NET_CONNECT_SEND_UDP);
}

void socket_peer_aim(struct notif *notif)
{
	if (notif->pins[0].fd >= 0)
		socket_aim_at(notif, notif->pins[0].fd);
}
