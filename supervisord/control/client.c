/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other side of the control socket.
 */
#include "control/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "bus/names.h"
#include "control/control_socket.h"
#include "control/errors.h"
#include "control/peer_bus.h"
#include "supervision/process.h"

/* Between two attempts to get into a queue that is full. */
#define CROWD_MS 50
/* While sd-bus has deadlines of its own, in the handshake. */
#define STEP_MS 200
#define REFUSAL_BYTES 256 /* 200 of them are the daemon's */

/* What the daemon said instead of a greeting. */
static char refusal[REFUSAL_BYTES];

static int connect_socket(void)
{
	_cleanup_free_ char *path = NULL;
	int result = control_socket_path(&path);

	if (result == 0)
		result = control_socket_connect(path);
	/* A supervised program is kept away from it. */
	if ((result == -EACCES || result == -EPERM) &&
	    process_is_supervised(getpid()))
		return -EDEADLK;
	return result;
}

/*
 * Whether the daemon says that it will not have us: then the only line is
 * "ERROR", as the D-Bus specification has it, and why.
 * Returns: 0, or -EUSERS.
 */
static int read_refusal(int fd)
{
	static const char word[] = BUS_REFUSAL;
	char line[sizeof(refusal) + sizeof(word)];
	const ssize_t n =
		recv(fd, line, sizeof(line) - 1, MSG_PEEK | MSG_DONTWAIT);
	const size_t start = sizeof(word) - 1;
	size_t length;

	if (n < (ssize_t)start || memcmp(line, word, start) != 0)
		return 0;
	line[n] = '\0';
	length = strcspn(line + start, "\r\n");
	line[start + length] = '\0';
	snprintf(refusal, sizeof(refusal), "the daemon refuses: %.200s",
		 line + start);
	return -EUSERS;
}

/* Who has answered, and whether that is a refusal. */
static int confirm(int fd)
{
	const int error = control_socket_confirm(fd);

	return error ? error : read_refusal(fd);
}

int client_begin(sd_bus **ret)
{
	/* sd-bus closes its own when it cannot start. */
	_cleanup_fd_ int own = -1;
	sd_bus *bus;
	int fd = connect_socket(), result;

	if (fd < 0)
		return fd;
	own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	result = peer_bus_new(&bus, fd);
	if (result < 0)
		return result;
	result = sd_bus_start(bus);
	/* It may have refused, and closed, before our first word. */
	if ((result == -EPIPE || result == -ECONNRESET) &&
	    confirm(own) == -EUSERS)
		result = -EUSERS;
	if (result < 0) {
		sd_bus_close_unref(bus);
		return result;
	}
	*ret = bus;
	return 0;
}

int client_confirm(sd_bus *bus)
{
	return confirm(sd_bus_get_fd(bus));
}

/* The kernel has no way to wait for a place among those who wait. */
static int begin_with(sd_bus **ret, struct patience *patience)
{
	int result;

	while ((result = client_begin(ret)) == -EAGAIN) {
		const int waited = patience_wait(patience, -1, 0, CROWD_MS);

		if (waited < 0)
			return waited;
	}
	return result;
}

int client_open_with(sd_bus **ret, struct patience *patience)
{
	sd_bus *bus;
	int result = begin_with(&bus, patience);

	if (result < 0)
		return result;
	result = patience_wait(patience, sd_bus_get_fd(bus), POLLIN, -1);
	if (result > 0)
		result = client_confirm(bus);
	if (result < 0) {
		sd_bus_close_unref(bus);
		return result;
	}
	*ret = bus;
	return 0;
}

int client_open(sd_bus **ret)
{
	struct patience patience = patience_of(&clock_real, CLIENT_TIMEOUT_MS);

	return client_open_with(ret, &patience);
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
	case -EAGAIN:
		return "the daemon (landlordd) does not answer: it is stopped, "
		       "or waits for a disk; continue it, or kill it";
	case -EUSERS:
		return refusal;
	case -EKEYREJECTED:
		return "who listens on the control socket runs under seccomp "
		       "filters that are not its own, as supervised programs "
		       "do: it is not believed";
	case -ENOTSUP:
		return "/proc is not there, or is of another PID namespace: "
		       "who listens on the control socket cannot be known";
	case -EPERM:
		return "the control socket or its directory belongs to "
		       "somebody else";
	default:
		return strerror(-error);
	}
}

int client_call_new(sd_bus *bus, const char *method, sd_bus_message **ret)
{
	const int result = sd_bus_message_new_method_call(
		bus, ret, NULL, BUS_SUPERVISOR_PATH, BUS_SUPERVISOR, method);

	return result < 0 ? result : 0;
}

int client_process(sd_bus *bus, struct patience *patience)
{
	int result = sd_bus_process(bus, NULL);
	uint64_t until = 0;
	int events;

	if (result != 0)
		return result;
	events = sd_bus_get_events(bus);
	if (events < 0)
		return events;
	/* sd-bus may have something to do at a time of its own. */
	if (sd_bus_get_timeout(bus, &until) < 0 || until == UINT64_MAX)
		result = patience_wait(patience, sd_bus_get_fd(bus),
				       (short)events, -1);
	else
		result = patience_wait(patience, sd_bus_get_fd(bus),
				       (short)events, STEP_MS);
	return result < 0 ? result : 0;
}

static int on_reply(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	sd_bus_message **reply = userdata;

	(void)error;
	*reply = sd_bus_message_ref(m);
	return 1;
}

/* Hands over the reply, or what is wrong. */
static int take_reply(sd_bus_message *reply, sd_bus_message **ret_reply,
		      char **ret_sentence)
{
	const sd_bus_error *error = sd_bus_message_get_error(reply);

	if (!error) {
		if (ret_reply)
			*ret_reply = sd_bus_message_ref(reply);
		return 0;
	}
	/* Of sd-bus itself, about a connection that has been cut off. */
	if (sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY))
		return -ECONNRESET;
	if (ret_sentence && error->message)
		*ret_sentence = strdup(error->message);
	return bus_errno(error);
}

int client_call_with(sd_bus *bus, sd_bus_message *call,
		     struct patience *patience, sd_bus_message **ret_reply,
		     char **ret_sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	sd_bus_slot *slot = NULL;
	int result;

	if (ret_sentence)
		*ret_sentence = NULL;
	result = sd_bus_call_async(bus, &slot, call, on_reply, &reply,
				   UINT64_MAX);

	while (result >= 0 && !reply)
		result = client_process(bus, patience);
	sd_bus_slot_unref(slot);
	if (reply)
		result = take_reply(reply, ret_reply, ret_sentence);
	if (result < 0 && ret_sentence && !*ret_sentence)
		*ret_sentence = strdup(client_why(result));
	return result < 0 ? result : 0;
}

int client_call(sd_bus *bus, sd_bus_message *call, sd_bus_message **ret_reply,
		char **ret_sentence)
{
	struct patience patience = patience_of(&clock_real, CLIENT_TIMEOUT_MS);

	return client_call_with(bus, call, &patience, ret_reply, ret_sentence);
}
