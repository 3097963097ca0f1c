/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wakeups: see wakeup.h.
 */
#include "supervision/wakeup.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"

struct wakeup {
	int fd; /* -1: the kernel does not know the clock */
	const struct clock *clock;
	enum wakeup_time time;
	int64_t ms; /* that is set; 0: none */
	struct event *event;
	void (*call)(void *userdata);
	void *userdata;
};

static void ring(struct wakeup *wakeup)
{
	wakeup->ms = 0;
	wakeup->call(wakeup->userdata);
}

static void on_readable(evutil_socket_t fd, short events, void *userdata)
{
	uint64_t times;

	(void)events;
	/* ECANCELED: the clock was set. */
	if (read(fd, &times, sizeof(times)) < 0 && errno == EAGAIN)
		return;
	ring(userdata);
}

static int open_timer(struct wakeup *wakeup, struct event_base *loop)
{
	wakeup->fd = timerfd_create(
		wakeup->time == WAKEUP_WALL ? CLOCK_REALTIME : CLOCK_BOOTTIME,
		TFD_CLOEXEC | TFD_NONBLOCK);
	if (wakeup->fd < 0)
		return -errno;
	wakeup->event = event_new(loop, wakeup->fd, EV_READ | EV_PERSIST,
				  on_readable, wakeup);
	return wakeup->event && event_add(wakeup->event, NULL) == 0 ? 0
								    : -ENOMEM;
}

int wakeup_new(struct wakeup **ret, struct event_base *loop,
	       const struct clock *clock, enum wakeup_time time,
	       void (*call)(void *userdata), void *userdata)
{
	struct wakeup *wakeup = calloc(1, sizeof(*wakeup));
	int error;

	if (!wakeup)
		return -ENOMEM;
	*wakeup = (struct wakeup){
		.fd = -1,
		.clock = clock,
		.time = time,
		.call = call,
		.userdata = userdata,
	};
	error = clock->kernel ? open_timer(wakeup, loop) : 0;
	if (error) {
		wakeup_free(wakeup);
		return error;
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

static void set(struct wakeup *wakeup, int64_t ms)
{
	const int flags = wakeup->time == WAKEUP_WALL
				  ? TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET
				  : TFD_TIMER_ABSTIME;
	const struct itimerspec when = {
		.it_value = {.tv_sec = ms / 1000,
			     .tv_nsec = ms % 1000 * 1000000},
	};

	wakeup->ms = ms;
	/* Set between the last call and now: that is what it is for. */
	if (wakeup->fd >= 0 &&
	    timerfd_settime(wakeup->fd, flags, &when, NULL) < 0 &&
	    errno == ECANCELED)
		event_active(wakeup->event, EV_READ, 0);
}

void wakeup_advance(struct wakeup *wakeup, int64_t ms)
{
	if (wakeup->ms == 0 || ms < wakeup->ms)
		set(wakeup, ms);
}

bool wakeup_look(struct wakeup *wakeup)
{
	const struct clock *clock = wakeup->clock;
	const int64_t now = wakeup->time == WAKEUP_WALL
				    ? clock->wall(clock) / 1000000
				    : clock_boot(clock);

	if (wakeup->ms == 0 || wakeup->ms > now)
		return false;
	ring(wakeup);
	return true;
}
