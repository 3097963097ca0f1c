/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An sd-bus connection in a libevent loop.
 */
#include "control/bus_loop.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"

/* Messages handled in a row, before others get their turn. */
#define BATCH 32

struct bus_loop {
	sd_bus *bus;
	struct event_base *loop;
	struct event *readable, *writable, *timer;
	void (*closed)(void *userdata, int error);
	void *userdata;
	bool ended;
};

static void process(evutil_socket_t fd, short events, void *userdata)
{
	struct bus_loop *bus_loop = userdata;
	int result = 1;

	(void)fd;
	(void)events;
	for (int i = 0; i < BATCH && result > 0; i++)
		result = sd_bus_process(bus_loop->bus, NULL);
	if (result < 0 || !sd_bus_is_open(bus_loop->bus)) {
		if (bus_loop->ended)
			return;
		bus_loop->ended = true;
		event_del(bus_loop->readable);
		event_del(bus_loop->writable);
		event_del(bus_loop->timer);
		/* May free us. */
		bus_loop->closed(bus_loop->userdata,
				 result < 0 ? result : -ECONNRESET);
		return;
	}
	bus_loop_update(bus_loop);
	/* In the loop's next turn: what is made active now would have its turn
	 * in this one, before all others. */
	if (result > 0)
		event_add(bus_loop->timer, &(const struct timeval){0});
}

/* Until the time that sd-bus gives, in CLOCK_MONOTONIC microseconds. */
static void arm_timer(struct bus_loop *bus_loop)
{
	struct timeval delay = {0};
	uint64_t until, now_us;

	if (sd_bus_get_timeout(bus_loop->bus, &until) < 0 ||
	    until == UINT64_MAX) {
		event_del(bus_loop->timer);
		return;
	}
	now_us = (uint64_t)clock_monotonic_ns() / 1000;
	if (until > now_us) {
		delay.tv_sec = (time_t)((until - now_us) / 1000000);
		delay.tv_usec = (suseconds_t)((until - now_us) % 1000000);
	}
	event_add(bus_loop->timer, &delay);
}

void bus_loop_update(struct bus_loop *bus_loop)
{
	const int events = sd_bus_get_events(bus_loop->bus);

	if (bus_loop->ended)
		return;
	if (events < 0) {
		event_active(bus_loop->timer, EV_TIMEOUT, 0);
		return;
	}
	if (events & POLLOUT)
		event_add(bus_loop->writable, NULL);
	else
		event_del(bus_loop->writable);
	arm_timer(bus_loop);
}

int bus_loop_new(struct bus_loop **ret, struct event_base *loop, sd_bus *bus,
		 void (*closed)(void *userdata, int error), void *userdata)
{
	const int fd = sd_bus_get_fd(bus);
	struct bus_loop *bus_loop;

	if (fd < 0)
		return fd;
	bus_loop = calloc(1, sizeof(*bus_loop));
	if (!bus_loop)
		return -ENOMEM;
	bus_loop->bus = bus;
	bus_loop->loop = loop;
	bus_loop->closed = closed;
	bus_loop->userdata = userdata;
	bus_loop->readable =
		event_new(loop, fd, EV_READ | EV_PERSIST, process, bus_loop);
	bus_loop->writable = event_new(loop, fd, EV_WRITE, process, bus_loop);
	bus_loop->timer = evtimer_new(loop, process, bus_loop);
	if (!bus_loop->readable || !bus_loop->writable || !bus_loop->timer ||
	    event_add(bus_loop->readable, NULL) < 0) {
		bus_loop_free(bus_loop);
		return -ENOMEM;
	}
	/* What sd-bus has read already would wake nobody. */
	event_active(bus_loop->timer, EV_TIMEOUT, 0);
	*ret = bus_loop;
	return 0;
}

struct bus_loop *bus_loop_free(struct bus_loop *bus_loop)
{
	if (!bus_loop)
		return NULL;
	if (bus_loop->readable)
		event_free(bus_loop->readable);
	if (bus_loop->writable)
		event_free(bus_loop->writable);
	if (bus_loop->timer)
		event_free(bus_loop->timer);
	free(bus_loop);
	return NULL;
}
