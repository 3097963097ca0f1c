/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rights of Landlock: see rights.h. */
#include "landlock/rights.h"

#include <assert.h>

#include "base/landlock.h"

static_assert(RIGHT_FS_EXECUTE == LANDLOCK_ACCESS_FS_EXECUTE &&
		      RIGHT_FS_READ_DIR == LANDLOCK_ACCESS_FS_READ_DIR &&
		      RIGHT_FS_MAKE_SYM == LANDLOCK_ACCESS_FS_MAKE_SYM &&
		      RIGHT_FS_REFER == LANDLOCK_ACCESS_FS_REFER,
	      "rights of files have the kernel's bits");

rights_t landlock_rights_of_abi(int abi)
{
	rights_t rights = 0;

	if (abi >= 1)
		rights |= (RIGHT_FS_MAKE_SYM << 1) - 1;
	/* Before ABI 2 every rename between directories is refused. */
	if (abi >= 1)
		rights |= RIGHT_FS_REFER;
	if (abi >= 3)
		rights |= RIGHT_FS_TRUNCATE;
	if (abi >= 4)
		rights |= RIGHT_NET_BIND_TCP | RIGHT_NET_CONNECT_TCP;
	if (abi >= 5)
		rights |= RIGHT_FS_IOCTL_DEV;
	if (abi >= 6)
		rights |= RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET | RIGHT_SCOPE_SIGNAL;
	return rights;
}

uint64_t landlock_net_of_rights(rights_t rights)
{
	uint64_t net = 0;

	if (rights & RIGHT_NET_BIND_TCP)
		net |= LANDLOCK_ACCESS_NET_BIND_TCP;
	if (rights & RIGHT_NET_CONNECT_TCP)
		net |= LANDLOCK_ACCESS_NET_CONNECT_TCP;
	if (rights & RIGHT_NET_BIND_UDP)
		net |= LANDLOCK_ACCESS_NET_BIND_UDP;
	if (rights & RIGHT_NET_CONNECT_SEND_UDP)
		net |= LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP;
	return net;
}

int landlock_ruleset_of_rights(int abi, rights_t rights)
{
	uint64_t fs = rights & RIGHTS_FS, scoped = 0;

	if (abi < 2)
		fs &= ~RIGHT_FS_REFER;
	if (rights & RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET)
		scoped |= LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET;
	if (rights & RIGHT_SCOPE_SIGNAL)
		scoped |= LANDLOCK_SCOPE_SIGNAL;
	return landlock_ruleset_new(fs, landlock_net_of_rights(rights), scoped);
}
