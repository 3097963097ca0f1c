/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wakeups: see wakeup.h.
 */
#include "supervision/wakeup.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/fd.h"

struct wakeup {
	int fd;
	clockid_t clock;
	int64_t ms; /* that is set; 0: none */
	struct event *event;
	void (*call)(void *userdata);
	void *userdata;
};

static void on_readable(evutil_socket_t fd, short events, void *userdata)
{
	struct wakeup *wakeup = userdata;
	uint64_t times;

	(void)events;
	/* ECANCELED: the clock was set. */
	if (read(fd, &times, sizeof(times)) < 0 && errno == EAGAIN)
		return;
	wakeup->ms = 0;
	wakeup->call(wakeup->userdata);
}

int wakeup_new(struct wakeup **ret, struct event_base *loop, clockid_t clock,
	       void (*call)(void *userdata), void *userdata)
{
	struct wakeup *wakeup = calloc(1, sizeof(*wakeup));
	int r;

	if (!wakeup)
		return -ENOMEM;
	wakeup->clock = clock;
	wakeup->call = call;
	wakeup->userdata = userdata;
	wakeup->fd = timerfd_create(clock, TFD_CLOEXEC | TFD_NONBLOCK);
	r = wakeup->fd < 0 ? -errno : 0;
	if (r == 0)
		wakeup->event =
			event_new(loop, wakeup->fd, EV_READ | EV_PERSIST,
				  on_readable, wakeup);
	if (r == 0 && (!wakeup->event || event_add(wakeup->event, NULL) < 0))
		r = -ENOMEM;
	if (r < 0) {
		wakeup_free(wakeup);
		return r;
	}
	*ret = wakeup;
	return 0;
}

struct wakeup *wakeup_free(struct wakeup *wakeup)
{
	if (!wakeup)
		return NULL;
	if (wakeup->event)
		event_free(wakeup->event);
	fd_close(wakeup->fd);
	free(wakeup);
	return NULL;
}

void wakeup_set(struct wakeup *wakeup, int64_t ms)
{
	const int flags = wakeup->clock == CLOCK_REALTIME
				  ? TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET
				  : TFD_TIMER_ABSTIME;
	const struct itimerspec when = {
		.it_value = {.tv_sec = ms / 1000,
			     .tv_nsec = ms % 1000 * 1000000},
	};

	wakeup->ms = ms;
	/* Set between the last call and now: that is what it is for. */
	if (timerfd_settime(wakeup->fd, flags, &when, NULL) < 0 &&
	    errno == ECANCELED)
		event_active(wakeup->event, EV_READ, 0);
}

void wakeup_advance(struct wakeup *wakeup, int64_t ms)
{
	if (wakeup->ms == 0 || ms < wakeup->ms)
		wakeup_set(wakeup, ms);
}
