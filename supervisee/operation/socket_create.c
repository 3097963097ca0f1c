// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * socket(2), socketpair(2).
 *
 * Family, type and protocol are in registers, which nobody can change: what is
 * allowed the kernel may run. Sockets that accept(2) makes are of an allowed
 * kind already.
 */
#include <sys/socket.h>
#include <sys/syscall.h>

#include "operation/call.h"
#include "operation/operations.h"
#include "operation/socket.h"

/*
 * A UNIX socket can be connected to somebody out of the tree, who can send any
 * descriptor through it; the two of a pair are connected to each other for
 * good.
 */
static bool can_bring_others(const struct trap *trap)
{
	return trap->call->number == SYS_socket &&
	       (int)trap->data.args[0] == AF_UNIX;
}

static int gather(struct trap *trap)
{
	const int type =
		(int)trap->data.args[1] & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);

	trap->exposed = 0;
	trap->maker = MAKER_REGISTERS;
	trap->makes_datagrams =
		!socket_is_connected_kind(type) || can_bring_others(trap);
	return STEP_JUDGE;
}

static int resolve(struct trap *trap)
{
	struct object object = {.type = OBJECT_SOCKET};

	object.family = (int)trap->data.args[0];
	object.socket_type =
		(int)trap->data.args[1] & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
	object.protocol = (int)trap->data.args[2];
	trap_need(trap, &object, RIGHT_PERM_SOCKET_CREATE);
	return STEP_JUDGE;
}

const struct operation operation_socket_create = {
	.rights = "perm.socket_create",
	.gather = gather,
	.resolve = resolve,
};
