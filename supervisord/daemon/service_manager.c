/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What systemd is told.
 */
#include "daemon/service_manager.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "base/clock.h"

struct service_manager {
	struct event *beat;
};

static void on_beat(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	(void)userdata;
	sd_notify(0, "WATCHDOG=1");
}

int service_manager_start(struct service_manager **ret, struct event_base *loop)
{
	struct service_manager *notify = calloc(1, sizeof(*notify));
	struct timeval interval;
	uint64_t usec = 0;

	if (!notify)
		return -ENOMEM;
	if (sd_watchdog_enabled(0, &usec) > 0) {
		/* Half of it, as sd_watchdog_enabled(3) recommends. */
		interval.tv_sec = (time_t)(usec / 2 / 1000000);
		interval.tv_usec = (suseconds_t)(usec / 2 % 1000000);
		notify->beat = event_new(loop, -1, EV_PERSIST, on_beat, NULL);
		if (!notify->beat || event_add(notify->beat, &interval) < 0) {
			service_manager_stop(notify);
			return -ENOMEM;
		}
	}
	service_manager_ready();
	*ret = notify;
	return 0;
}

void service_manager_reloading(void)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIi64,
		   clock_monotonic_ns() / 1000);
}

void service_manager_ready(void)
{
	sd_notify(0, "READY=1");
}

struct service_manager *service_manager_stop(struct service_manager *notify)
{
	if (!notify)
		return NULL;
	sd_notify(0, "STOPPING=1");
	if (notify->beat)
		event_free(notify->beat);
	free(notify);
	return NULL;
}
