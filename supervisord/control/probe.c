/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probe: see probe.h. */
#include "control/probe.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "control/client.h"

struct probe {
	struct event *timer;
	sd_bus *bus; /* borrowed; NULL: nothing is looked after */
	struct bus_loop *bus_loop;
	sd_bus_slot *ping;
	bool (*waiting)(void *userdata);
	void (*silent)(void *userdata);
	void *userdata;
};

static void arm(struct probe *probe, int seconds)
{
	const struct timeval delay = {.tv_sec = seconds};

	evtimer_add(probe->timer, &delay);
}

static int on_reply(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct probe *probe = userdata;

	(void)m;
	(void)error;
	probe->ping = sd_bus_slot_unref(probe->ping);
	arm(probe, PROBE_SILENCE_SECONDS);
	return 1;
}

static int send_ping(struct probe *probe)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	int result = client_call_new(probe->bus, "Ping", &m);

	if (result == 0)
		result = sd_bus_call_async(probe->bus, &probe->ping, m,
					   on_reply, probe, UINT64_MAX);
	bus_loop_update(probe->bus_loop);
	return result < 0 ? result : 0;
}

static void on_time(evutil_socket_t fd, short events, void *userdata)
{
	struct probe *probe = userdata;

	(void)fd;
	(void)events;
	if (!probe->bus)
		return;
	if (!probe->ping && !probe->waiting(probe->userdata)) {
		probe->bus = NULL;
		return;
	}
	if (probe->ping)
		probe->silent(probe->userdata);
	/* A connection that cannot take it fails by itself. */
	else if (send_ping(probe) == 0)
		arm(probe, PROBE_REPLY_SECONDS);
}

int probe_new(struct probe **ret, struct event_base *loop,
	      bool (*waiting)(void *userdata), void (*silent)(void *userdata),
	      void *userdata)
{
	struct probe *probe = calloc(1, sizeof(*probe));

	if (!probe)
		return -ENOMEM;
	probe->waiting = waiting;
	probe->silent = silent;
	probe->userdata = userdata;
	probe->timer = evtimer_new(loop, on_time, probe);
	if (!probe->timer) {
		free(probe);
		return -ENOMEM;
	}
	*ret = probe;
	return 0;
}

struct probe *probe_free(struct probe *probe)
{
	if (!probe)
		return NULL;
	probe_end(probe);
	event_free(probe->timer);
	free(probe);
	return NULL;
}

void probe_begin(struct probe *probe, sd_bus *bus, struct bus_loop *bus_loop)
{
	if (probe->bus)
		return;
	probe->bus = bus;
	probe->bus_loop = bus_loop;
	arm(probe, PROBE_SILENCE_SECONDS);
}

void probe_end(struct probe *probe)
{
	probe->ping = sd_bus_slot_unref(probe->ping);
	probe->bus = NULL;
	evtimer_del(probe->timer);
}
