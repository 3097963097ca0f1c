/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * socket(2), socketpair(2).
 *
 * Family, type and protocol are in registers, which nobody can change: what is
 * allowed the kernel may run. Sockets that accept(2) makes are of an allowed
 * kind already.
 */
#include <sys/socket.h>
#include <sys/syscall.h>

#include "core/object_names.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "operation/socket.h"

/*
 * A UNIX socket can be connected to somebody out of the tree, who can send any
 * descriptor through it; the two of a pair are connected to each other for
 * good.
 */
static bool can_bring_others(const struct notif *notif)
{
	return notif->call->number == SYS_socket &&
	       (int)notif->data.args[0] == AF_UNIX;
}

static int gather(struct notif *notif)
{
	const int type =
		(int)notif->data.args[1] & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);

	notif->exposed = 0;
	notif->maker = MAKER_REGISTERS;
	notif->makes_datagrams =
		!socket_is_connected_kind(type) || can_bring_others(notif);
	return STEP_JUDGE;
}

static int resolve(struct notif *notif)
{
	struct object object = {.type = OBJECT_SOCKET};

	object.family = (int)notif->data.args[0];
	object.socket_type =
		(int)notif->data.args[1] & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
	object.protocol = (int)notif->data.args[2];
	socket_normalize(&object.family, &object.socket_type, &object.protocol);
	notif_need(notif, &object, RIGHT_PERM_SOCKET_CREATE);
	return STEP_JUDGE;
}

const struct operation operation_socket_create = {
	.rights = "perm.socket_create",
	.gather = gather,
	.resolve = resolve,
};
