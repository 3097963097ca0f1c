// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * connect(2).
 *
 * Always performed on the address as read once: no kernel of today holds every
 * kind of address that a swapped one could be.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "operation/operations.h"
#include "operation/peer.h"

static int gather(struct trap *trap)
{
	trap->exposed = RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX |
			RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET;
	return trap_gather_socket(trap, 1, 2);
}

static int perform(struct trap *trap)
{
	peer_aim(trap);
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
	.gather = gather,
	.resolve = peer_resolve,
	.perform = perform,
	.blocks = blocks,
};
