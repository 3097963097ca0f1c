/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other side of the control socket.
 */
#include "control/client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bus/names.h"
#include "control/errors.h"
#include "control/peer_bus.h"
#include "control/socket.h"
#include "supervision/process.h"

static int connect_socket(void)
{
	_cleanup_free_ char *path = NULL;
	int r = control_socket_path(&path);

	if (r == 0)
		r = control_socket_connect(path);
	/* A supervised program is kept away from it. */
	if ((r == -EACCES || r == -EPERM) && process_is_supervised(getpid()))
		return -EDEADLK;
	return r;
}

int client_begin(sd_bus **ret)
{
	sd_bus *bus;
	int fd = connect_socket(), r;

	if (fd < 0)
		return fd;
	r = peer_bus_new(&bus, fd);
	if (r < 0)
		return r;
	r = sd_bus_start(bus);
	if (r < 0) {
		sd_bus_close_unref(bus);
		return r;
	}
	*ret = bus;
	return 0;
}

int client_confirm(sd_bus *bus, int timeout_msec)
{
	struct pollfd pollfd = {.fd = sd_bus_get_fd(bus), .events = POLLIN};
	int r;

	while (poll(&pollfd, 1, timeout_msec) < 0)
		if (errno != EINTR)
			return -errno;
	r = control_socket_confirm(pollfd.fd);
	return r == -EAGAIN ? -ETIMEDOUT : r;
}

int client_open(sd_bus **ret)
{
	sd_bus *bus;
	int r = client_begin(&bus);

	if (r < 0)
		return r;
	r = client_confirm(bus, CLIENT_TIMEOUT_USEC / 1000);
	if (r < 0) {
		sd_bus_close_unref(bus);
		return r;
	}
	*ret = bus;
	return 0;
}

const char *client_why(int error)
{
	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		return "no daemon runs (landlordd)";
	case -EDEADLK:
		return "this program is supervised: it cannot ask its own "
		       "supervisor, nor answer or rule for it";
	case -ETIMEDOUT:
		return "the daemon does not answer";
	case -EKEYREJECTED:
		return "who listens on the control socket runs under seccomp "
		       "filters that are not its own, as supervised programs "
		       "do: it is not believed";
	case -EPERM:
		return "the control socket or its directory belongs to "
		       "somebody else";
	default:
		return strerror(-error);
	}
}

int client_call_new(sd_bus *bus, const char *method, sd_bus_message **ret)
{
	const int r = sd_bus_message_new_method_call(
		bus, ret, NULL, BUS_SUPERVISOR_PATH, BUS_SUPERVISOR, method);

	return r < 0 ? r : 0;
}

int client_call(sd_bus *bus, sd_bus_message *call, sd_bus_message **ret_reply,
		char **error_ret)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = sd_bus_call(bus, call, CLIENT_TIMEOUT_USEC, &error, ret_reply);

	if (r < 0) {
		if (error_ret)
			*error_ret = strdup(error.message ? error.message
							  : strerror(-r));
		if (sd_bus_error_is_set(&error))
			r = bus_errno(&error);
	}
	sd_bus_error_free(&error);
	return r < 0 ? r : 0;
}
