/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The greeting: see greeting.h. */
#include "control/greeting.h"

#include <errno.h>
#include <stdlib.h>

#include "control/client.h"

struct greeting {
	struct event *event;
	sd_bus *bus;
	void (*done)(void *userdata, int error);
	void *userdata;
};

static void on_word(evutil_socket_t fd, short events, void *userdata)
{
	struct greeting *greeting = userdata;

	(void)fd;
	greeting->done(greeting->userdata,
		       events & EV_READ ? client_confirm(greeting->bus)
					: -ETIMEDOUT);
}

int greeting_new(struct greeting **ret, struct event_base *loop, sd_bus *bus,
		 void (*done)(void *userdata, int error), void *userdata)
{
	const struct timeval patience = {.tv_sec = GREETING_SECONDS};
	struct greeting *greeting = calloc(1, sizeof(*greeting));

	if (!greeting)
		return -ENOMEM;
	greeting->bus = bus;
	greeting->done = done;
	greeting->userdata = userdata;
	greeting->event =
		event_new(loop, sd_bus_get_fd(bus), EV_READ, on_word, greeting);
	if (!greeting->event || event_add(greeting->event, &patience) < 0) {
		greeting_free(greeting);
		return -ENOMEM;
	}
	*ret = greeting;
	return 0;
}

struct greeting *greeting_free(struct greeting *greeting)
{
	if (!greeting)
		return NULL;
	if (greeting->event)
		event_free(greeting->event);
	free(greeting);
	return NULL;
}
