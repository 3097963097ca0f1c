/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/replay_pace.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

#define SPEED_MAX 1000.0

bool replay_pace_parse(struct replay_pace *pace, const char *text)
{
	char *end;

	pace->speed = strtod(text, &end);
	return *text && !*end && pace->speed >= 1 / SPEED_MAX &&
	       pace->speed <= SPEED_MAX;
}

static void run_until(struct event_base *loop, int64_t monotonic)
{
	const int64_t left = (monotonic - clock_monotonic_ns()) / 1000;
	const struct timeval delay = {left / 1000000, left % 1000000};

	if (left <= 0)
		return;
	event_base_loopexit(loop, &delay);
	event_base_dispatch(loop);
}

void replay_pace_wait(struct replay_pace *pace, struct event_base *loop,
		      int64_t time)
{
	if (pace->speed == 0 || time == 0)
		return;
	if (!pace->trace) {
		pace->trace = time;
		pace->monotonic = clock_monotonic_ns();
	}
	if (time <= pace->reached)
		return;
	pace->reached = time;
	/* Who watches sees what has been judged until now. */
	fflush(stdout);
	run_until(loop,
		  pace->monotonic + (int64_t)((double)(time - pace->trace) *
					      1000 / pace->speed));
}

void replay_pace_resume(struct replay_pace *pace)
{
	pace->trace = pace->reached;
	pace->monotonic = clock_monotonic_ns();
}
