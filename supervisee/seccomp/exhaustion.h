/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exhaustion: what the monitor cannot do for want of descriptors, memory or
 * processes of its own fails for the program. It is logged at most once a
 * minute.
 */
#pragma once

#include "base/clock.h"

struct exhaustion {
	const struct clock *clock;
	int64_t told; /* ms since boot; 0: never */
};

/*
 * @error: what a step came to: a negative errno, or anything else
 * Returns: what the program is to see: the same, but -ENFILE when it is the
 * monitor that has no descriptor left, and not the program.
 */
int exhaustion_report(struct exhaustion *exhaustion, int error);
