/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bus of two: see peer_bus.h. */
#include "control/peer_bus.h"

#include <unistd.h>

/* The kernel has said who the other is; what it claims does not matter. */
static int configure(sd_bus *bus)
{
	int r = sd_bus_set_anonymous(bus, 1);

	if (r >= 0)
		r = sd_bus_set_trusted(bus, 1);
	if (r >= 0)
		r = sd_bus_negotiate_fds(bus, 0);
	return r;
}

int peer_bus_new(sd_bus **ret, int fd)
{
	sd_bus *bus;
	int r = sd_bus_new(&bus);

	if (r < 0) {
		close(fd);
		return r;
	}
	r = sd_bus_set_fd(bus, fd, fd);
	if (r < 0)
		close(fd);
	else
		r = configure(bus);
	if (r < 0) {
		sd_bus_close_unref(bus);
		return r;
	}
	*ret = bus;
	return 0;
}
