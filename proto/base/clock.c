/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t (*replaced)(void);

int64_t clock_wall(void)
{
	return replaced ? replaced() : time(NULL);
}

int64_t clock_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int64_t clock_monotonic_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

void clock_replace(int64_t (*wall)(void))
{
	replaced = wall;
}
