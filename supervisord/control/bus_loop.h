/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An sd-bus connection in a libevent loop.
 *
 * sd-bus tells which events it waits for and until when; that changes with
 * every message. Whoever sends outside of a message handler calls
 * bus_loop_update() afterwards, so that a full socket is waited for.
 */
#pragma once

#include <event2/event.h>
#include <systemd/sd-bus.h>

struct bus_loop;

/*
 * @bus: borrowed; must be closed after bus_loop_free()
 * @closed: the connection has ended; called from the loop, once
 * Returns: 0 or a negative errno.
 */
int bus_loop_new(struct bus_loop **ret, struct event_base *loop, sd_bus *bus,
		 void (*closed)(void *userdata, int error), void *userdata);

/* Takes NULL; always returns NULL. Not from within a message handler. */
struct bus_loop *bus_loop_free(struct bus_loop *bus_loop);

void bus_loop_update(struct bus_loop *bus_loop);
