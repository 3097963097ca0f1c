/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clocks. Whatever decides by a time is handed the clock to ask, so that it can
 * be run in a time that somebody else moves.
 *
 * The wall clock is the one by which rules expire. It jumps when it is set and
 * after a suspend: ask it when it matters, keep no difference. The time since
 * boot never jumps, and goes on while the machine sleeps: deadlines are in it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct clock {
	/* Nanoseconds since the epoch, and since boot. */
	int64_t (*wall)(const struct clock *clock);
	int64_t (*boot)(const struct clock *clock);
	bool kernel; /* timers of the kernel go by it */
};

/* The machine's. */
extern const struct clock clock_real;

/* Seconds since the epoch. */
static inline int64_t clock_wall(const struct clock *clock)
{
	return clock->wall(clock) / 1000000000;
}

/* Milliseconds since boot. */
static inline int64_t clock_boot(const struct clock *clock)
{
	return clock->boot(clock) / 1000000;
}

/*
 * What has gone by since some moment, of the machine's: it does not jump, and
 * stands still while the machine is asleep.
 */
int64_t clock_monotonic_ns(void);
int64_t clock_monotonic_ms(void);
