/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probe: whether the daemon still does anything, while somebody waits for it.
 * A person's answer takes as long as it takes; a reply to a ping does not.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "control/bus_loop.h"

/* How long it may be silent before it is asked, and then before it is late. */
#define PROBE_SILENCE_SECONDS 5
#define PROBE_REPLY_SECONDS 10

struct probe;

/*
 * @waiting: whether something is asked at that moment
 * @silent: called from the loop when the daemon has not replied in time
 * Returns: 0 or -ENOMEM.
 */
int probe_new(struct probe **ret, struct event_base *loop,
	      bool (*waiting)(void *userdata), void (*silent)(void *userdata),
	      void *userdata);

/* Takes NULL; always returns NULL. */
struct probe *probe_free(struct probe *probe);

/*
 * Something is asked on a connection (borrowed, as its loop is): the daemon is
 * watched until nothing is asked any more, or the connection goes.
 */
void probe_begin(struct probe *probe, sd_bus *bus, struct bus_loop *bus_loop);

/* The connection goes. */
void probe_end(struct probe *probe);
