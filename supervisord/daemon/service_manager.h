/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What systemd is told: that the daemon is ready, reloading, stopping, or still
 * alive.
 */
#pragma once

#include <event2/event.h>

struct service_manager;

/*
 * Tells that the daemon is ready, and keeps the watchdog quiet if there is one.
 * The beat comes from the loop: a loop that hangs is restarted by systemd.
 * Returns: 0 or -ENOMEM.
 */
int service_manager_start(struct service_manager **ret,
			  struct event_base *loop);

/* Around a reload. */
void service_manager_reloading(void);
void service_manager_ready(void);

/* Tells that it stops. Takes NULL; always returns NULL. */
struct service_manager *service_manager_stop(struct service_manager *notify);
