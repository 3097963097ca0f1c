/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On the session bus.
 */
#include "control/session_bus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bus/names.h"
#include "control/bus_loop.h"
#include "control/caller.h"
#include "control/methods.h"
#include "control/try.h"
#include "supervision/ask.h"

/* Who did not come is not sent for at every question. */
#define AGAIN_MS 5000

struct session_bus {
	struct caller caller; /* whoever it is */
	struct bus_loop *loop;
	struct event *reaper;	/* closes it from the loop */
	sd_bus_slot *summoning; /* NULL: nobody is sent for */
	int64_t none_before;	/* until then nobody would come, since boot */
};

static const sd_bus_vtable session_vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Ping", "", BUS_PING, method_ping,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

static void close_bus(struct session_bus *session)
{
	session->summoning = sd_bus_slot_unref(session->summoning);
	session->loop = bus_loop_free(session->loop);
	session->caller.bus = sd_bus_close_unref(session->caller.bus);
}

static void on_reap(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	close_bus(userdata);
}

static void on_closed(void *userdata, int error)
{
	struct session_bus *session = userdata;

	log_notice("the session bus has gone: %s", strerror(-error));
	close_bus(session);
}

/* The name is ours, or somebody else's: then the bus is left again. */
static int on_name(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const sd_bus_error *failure = sd_bus_message_get_error(m);
	struct session_bus *session = userdata;
	uint32_t result = 0;

	(void)error;
	if (!failure && sd_bus_message_read(m, "u", &result) >= 0 &&
	    result == 1) {
		log_info("on the session bus as " BUS_NAME);
		return 1;
	}
	log_notice("not on the session bus: %s",
		   failure && failure->message
			   ? failure->message
			   : "another process has the name " BUS_NAME);
	event_active(session->reaper, EV_TIMEOUT, 0);
	return 1;
}

/* Where no agent is installed, or it has ended at once, nobody comes. */
static int on_summoned(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const sd_bus_error *failure = sd_bus_message_get_error(m);
	struct session_bus *session = userdata;

	(void)error;
	session->summoning = sd_bus_slot_unref(session->summoning);
	if (!failure)
		return 1;
	log_info("no agent was started: %s",
		 failure->message ? failure->message : failure->name);
	session->none_before =
		clock_boot(session->caller.supervisor->registry.clock) +
		AGAIN_MS;
	ask_no_more(&session->caller.supervisor->registry);
	return 1;
}

/* Has the bus start the agent of the desktop, if that is installed. */
static bool on_summon(void *userdata)
{
	struct session_bus *session = userdata;
	const struct supervisor *supervisor = session->caller.supervisor;
	int result;

	if (!session->caller.bus ||
	    prompt_plugin_agents(supervisor->prompt) > 0 ||
	    clock_boot(supervisor->registry.clock) < session->none_before)
		return false;
	if (session->summoning)
		return true;
	result = sd_bus_call_method_async(
		session->caller.bus, &session->summoning,
		"org.freedesktop.DBus", "/org/freedesktop/DBus",
		"org.freedesktop.DBus", "StartServiceByName", on_summoned,
		session, "su", BUS_DESKTOP_NAME, (uint32_t)0);
	if (result < 0)
		return false;
	if (session->loop)
		bus_loop_update(session->loop);
	return true;
}

static int open_bus(struct session_bus *session, const char *address)
{
	sd_bus *bus;

	TRY(sd_bus_new(&bus));
	session->caller.bus = bus;
	TRY(sd_bus_set_address(bus, address));
	TRY(sd_bus_set_bus_client(bus, 1));
	TRY(sd_bus_negotiate_fds(bus, 0));
	TRY(sd_bus_add_object_vtable(bus, NULL, BUS_SUPERVISOR_PATH,
				     BUS_SUPERVISOR, session_vtable,
				     &session->caller));
	TRY(sd_bus_start(bus));
	TRY(sd_bus_request_name_async(bus, NULL, BUS_NAME, 0, on_name,
				      session));
	return bus_loop_new(&session->loop,
			    session->caller.supervisor->registry.loop, bus,
			    on_closed, session);
}

int session_bus_new(struct session_bus **ret, struct supervisor *supervisor)
{
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");
	struct session_bus *session;
	int error;

	*ret = NULL;
	if (!address || !address[0])
		return 0;
	session = calloc(1, sizeof(*session));
	if (!session)
		return -ENOMEM;
	session->caller.supervisor = supervisor;
	session->reaper =
		evtimer_new(supervisor->registry.loop, on_reap, session);
	error = session->reaper ? open_bus(session, address) : -ENOMEM;
	if (error) {
		log_notice("not on the session bus: %s", strerror(-error));
		session_bus_free(session);
		return 0;
	}
	supervisor->registry.summon = on_summon;
	supervisor->registry.summon_userdata = session;
	*ret = session;
	return 0;
}

struct session_bus *session_bus_free(struct session_bus *session)
{
	if (!session)
		return NULL;
	session->caller.supervisor->registry.summon = NULL;
	close_bus(session);
	if (session->reaper)
		event_free(session->reaper);
	free(session);
	return NULL;
}
