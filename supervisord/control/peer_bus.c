/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bus of two: see peer_bus.h. */
#include "control/peer_bus.h"

#include <unistd.h>

#include "control/try.h"

/* The kernel has said who the other is; what it claims does not matter. */
static int configure(sd_bus *bus)
{
	TRY(sd_bus_set_anonymous(bus, 1));
	TRY(sd_bus_set_trusted(bus, 1));
	return sd_bus_negotiate_fds(bus, 0);
}

int peer_bus_new(sd_bus **ret, int fd)
{
	sd_bus *bus;
	int result = sd_bus_new(&bus);

	if (result < 0) {
		close(fd);
		return result;
	}
	result = sd_bus_set_fd(bus, fd, fd);
	if (result < 0)
		close(fd);
	else
		result = configure(bus);
	if (result < 0) {
		sd_bus_close_unref(bus);
		return result;
	}
	*ret = bus;
	return 0;
}
