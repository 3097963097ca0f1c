/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UNIX sockets that have a path: see pathname.h. */
#include "operation/pathname.h"

#include <sys/socket.h>

#include "operation/socket_owner.h"
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

bool pathname_is_within(const struct notif *notif, const struct pin *pin)
{
	const ino_t inode = unix_diag_find(&pin->stat);

	return inode && socket_owner_find(notif->monitor, inode, is_unix, NULL);
}
