/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/replay_pace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

#define SPEED_MAX 1000.0
#define NS 1000000000

bool replay_pace_parse(struct replay_pace *pace, const char *text)
{
	char *end;

	pace->speed = strtod(text, &end);
	return *text && !*end && pace->speed >= 1 / SPEED_MAX &&
	       pace->speed <= SPEED_MAX;
}

static void sleep_until(int64_t monotonic)
{
	const struct timespec until = {monotonic / NS, monotonic % NS};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	       EINTR)
		continue;
}

void replay_pace_wait(struct replay_pace *pace, int64_t time)
{
	if (pace->speed == 0 || time == 0)
		return;
	if (!pace->trace) {
		pace->trace = time;
		pace->monotonic = clock_monotonic_ns();
	}
	if (time <= pace->trace)
		return;
	/* Who watches sees what has been judged until now. */
	fflush(stdout);
	sleep_until(pace->monotonic + (int64_t)((double)(time - pace->trace) *
						1000 / pace->speed));
}
