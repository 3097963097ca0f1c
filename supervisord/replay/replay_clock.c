/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/replay_clock.h"

static int64_t read_clock(const struct clock *clock)
{
	/* A trace may be of a time that no clock has in nanoseconds. */
	static const int64_t most = INT64_MAX / 1000;
	const int64_t now = ((const struct replay_clock *)clock)->now;

	return (now < most ? now : most) * 1000;
}

void replay_clock_init(struct replay_clock *clock)
{
	/* When the machine was started then is not known, nor does it matter.
	 */
	*clock = (struct replay_clock){
		.clock = {.wall = read_clock, .boot = read_clock}};
}
