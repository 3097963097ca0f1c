/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wakeups: calls from a libevent loop at a time of a clock, rather than after
 * an interval. A time of the wall clock comes when the clock says so, even
 * because it was set; a time since boot may come while the machine sleeps, and
 * is noticed when it wakes. By a clock that the kernel does not know, the call
 * comes from wakeup_look().
 */
#pragma once

#include <event2/event.h>
#include <stdint.h>

#include "base/clock.h"

struct wakeup;

enum wakeup_time {
	WAKEUP_WALL, /* since the epoch */
	WAKEUP_BOOT,
};

/*
 * @clock: borrowed
 * @call: when the time has come, or, of WAKEUP_WALL, when the clock was set:
 *        look what time it is, and set the next one
 * Returns: 0 or a negative errno.
 */
int wakeup_new(struct wakeup **ret, struct event_base *loop,
	       const struct clock *clock, enum wakeup_time time,
	       void (*call)(void *userdata), void *userdata);

/* Takes NULL; always returns NULL. Not from within the call. */
struct wakeup *wakeup_free(struct wakeup *wakeup);

/* @ms: of that time; nothing changes unless it is earlier than what is set */
void wakeup_advance(struct wakeup *wakeup, int64_t ms);

/* Calls if it is time. Returns: whether it was. */
bool wakeup_look(struct wakeup *wakeup);
