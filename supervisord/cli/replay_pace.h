/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pace of a replay that somebody watches: what happened a second later comes
 * a second later, or sooner, or later still.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

/* Zero it to start. */
struct replay_pace {
	double speed;	   /* so many times as fast as it was; 0: at once */
	int64_t trace;	   /* when it began, in microseconds; 0: not yet */
	int64_t monotonic; /* the same, now, in nanoseconds */
	int64_t reached;   /* in the trace */
};

/* From a thousandth to a thousand times. Returns: whether it is a number. */
bool replay_pace_parse(struct replay_pace *pace, const char *text);

/*
 * Waits for the time of an entry, and lets the loop run until then; what is out
 * of order comes at once.
 */
void replay_pace_wait(struct replay_pace *pace, struct event_base *loop,
		      int64_t time);

/* Goes on from here: what has gone by meanwhile does not count. */
void replay_pace_resume(struct replay_pace *pace);
