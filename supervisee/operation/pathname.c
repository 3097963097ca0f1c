// SPDX-License-Identifier: GPL-2.0-or-later
/* UNIX sockets that have a path: see pathname.h. */
#include "operation/pathname.h"

#include <sys/socket.h>

#include "operation/holder.h"
#include "operation/unix_diag.h"

/* It has said what file it is bound to. */
static bool is_unix(int socket, void *userdata)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	(void)userdata;
	return !getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size) &&
	       domain == AF_UNIX;
}

bool pathname_is_within(const struct trap *trap, const struct pin *pin)
{
	const ino_t inode = unix_diag_find(&pin->stat);

	return inode && holder_find(trap->monitor, inode, is_unix, NULL);
}
