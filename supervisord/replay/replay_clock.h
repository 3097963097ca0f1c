/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock of a trace: it is always the time of the line that was read last.
 */
#pragma once

#include "base/clock.h"

struct replay_clock {
	struct clock clock; /* the first member */
	int64_t now;	    /* microseconds since the epoch, as in an entry */
};

/* Begins at the epoch. */
void replay_clock_init(struct replay_clock *clock);
