/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections: one client of the control socket.
 */
#include "control/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "bus/names.h"
#include "control/methods.h"
#include "control/peer_bus.h"
#include "control/record_session.h"
#include "supervision/strings.h"

/* Who connected, as the kernel noted it then. */
static int identify(int client, struct connection *connection)
{
	const int on = 1;
	int error;

	/*
	 * A client that came before the listener was ours did not inherit it.
	 * What it wrote then carries credentials if it asked for them itself.
	 */
	if (setsockopt(client, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return -errno;
	error = peer_identify(client, &connection->peer);
	if (error)
		return error;
	if (connection->peer.uid != geteuid() && connection->peer.uid != 0)
		return -EPERM;
	connection->caller.pid = connection->peer.pid;
	return 0;
}

static void on_refused(void *userdata, const char *why)
{
	struct connection *connection = userdata;

	log_warning("control: refused the client with pid %d: %s",
		    connection->caller.pid, why);
	connection_close(connection, why);
}

static void on_closed(void *userdata, int error)
{
	connection_close(userdata, strerror(-error));
}

static void on_gone(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	connection_close(userdata, "the process has ended");
}

static void on_reap(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	connection_free(userdata);
}

/*
 * Tools that only know message buses (busctl) greet one first. There is none
 * here, but a name costs nothing.
 */
static int on_hello(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	(void)userdata;
	(void)error;
	return sd_bus_reply_method_return(m, "s", ":1.1");
}

static const sd_bus_vtable greeting_vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Hello", "", "s", on_hello, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

static int open_bus(struct connection *connection, int inner)
{
	sd_id128_t id;
	sd_bus *bus;
	int result = peer_bus_new(&bus, inner);

	if (result < 0)
		return result;
	connection->caller.bus = bus;
	result = sd_id128_randomize(&id);
	if (result >= 0)
		result = sd_bus_set_server(bus, 1, id);
	if (result >= 0)
		result = sd_bus_add_object_vtable(
			bus, NULL, BUS_SUPERVISOR_PATH, BUS_SUPERVISOR,
			supervisor_vtable, &connection->caller);
	if (result >= 0)
		result = sd_bus_add_object_vtable(
			bus, NULL, "/org/freedesktop/DBus",
			"org.freedesktop.DBus", greeting_vtable, NULL);
	if (result >= 0)
		result = sd_bus_start(bus);
	return result < 0 ? result : 0;
}

static int open_events(struct connection *connection, struct event_base *loop)
{
	connection->gone = event_new(loop, connection->peer.pidfd, EV_READ,
				     on_gone, connection);
	connection->reaper = evtimer_new(loop, on_reap, connection);
	if (!connection->gone || !connection->reaper ||
	    event_add(connection->gone, NULL) < 0)
		return -ENOMEM;
	return 0;
}

/* Sends a message and gives up on a client that does not read. */
static int send_message(struct caller *caller, sd_bus_message *message)
{
	struct connection *connection = (struct connection *)caller;
	uint64_t queued = 0;
	int result;

	if (sd_bus_get_n_queued_write(connection->caller.bus, &queued) >= 0 &&
	    queued > CONNECTION_QUEUE_MAX) {
		connection_close(connection, "it does not read");
		return -ENOBUFS;
	}
	result = sd_bus_send(connection->caller.bus, message, NULL);
	if (connection->loop)
		bus_loop_update(connection->loop);
	return result < 0 ? result : 0;
}

int connection_new(struct callers *callers, struct supervisor *supervisor,
		   int client)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	struct event_base *loop = supervisor->registry.loop;
	int error, inner;

	if (!connection)
		return -ENOMEM;
	connection->caller = (struct caller){
		.supervisor = supervisor,
		.id = registry_next_id(&supervisor->registry),
		.send = send_message,
	};
	connection->peer = (struct peer)PEER_INIT;
	error = identify(client, connection);
	if (!error)
		error = gate_new(&connection->gate, loop, client,
				 &connection->peer, &inner, on_refused,
				 connection);
	if (!error)
		error = open_bus(connection, inner);
	if (!error)
		error = open_events(connection, loop);
	if (!error)
		error = bus_loop_new(&connection->loop, loop,
				     connection->caller.bus, on_closed,
				     connection);
	if (error) {
		gate_disown(connection->gate);
		connection_free(connection);
		return error;
	}
	callers_add(callers, &connection->caller);
	return 0;
}

struct connection *connection_free(struct connection *connection)
{
	if (!connection)
		return NULL;
	connection->commit = sd_bus_slot_unref(connection->commit);
	connection->caller.record =
		record_session_free(connection->caller.record);
	caller_finish(&connection->caller);
	ruleset_unref(connection->told);
	rules_finish(&connection->handed);
	strings_free(connection->variables);
	bus_loop_free(connection->loop);
	if (connection->caller.bus) {
		sd_bus_close(connection->caller.bus);
		sd_bus_unref(connection->caller.bus);
	}
	gate_free(connection->gate);
	if (connection->gone)
		event_free(connection->gone);
	if (connection->reaper)
		event_free(connection->reaper);
	peer_finish(&connection->peer);
	free(connection);
	return NULL;
}

void connection_close(struct connection *connection, const char *why)
{
	log_debug("control: the client with pid %d goes: %s",
		  connection->caller.pid, why);
	if (connection->reaper)
		event_active(connection->reaper, EV_TIMEOUT, 0);
}
