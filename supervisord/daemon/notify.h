/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What systemd is told: ready, reloading, stopping, and still alive.
 */
#pragma once

#include <event2/event.h>

struct notify;

/*
 * Tells that the daemon is ready, and keeps the watchdog quiet if there is one.
 * The beat comes from the loop: a loop that hangs is restarted by systemd.
 * Returns: 0 or -ENOMEM.
 */
int notify_start(struct notify **ret, struct event_base *loop);

/* Around a reload. */
void notify_reloading(void);
void notify_ready(void);

/* Tells that it stops. Takes NULL; always returns NULL. */
struct notify *notify_stop(struct notify *notify);
