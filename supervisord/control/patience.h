/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patience: how long a process of ours waits for another one, and what ends the
 * wait sooner. All waiting outside of a loop is done with it, so that a peer
 * that is stopped, or hangs on a dead disk, holds nobody up for longer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

#define PATIENCE_STOPS 2

struct patience {
	const struct clock *clock;
	int64_t until_ms; /* since boot, as below */
	/* Descriptors that may end the wait; -1: none. */
	int stop_fds[PATIENCE_STOPS];
	/* Called when one is readable: whether that ends the wait. It takes
	 * what it was told, or would be called again at once. */
	bool (*stopped)(void *userdata);
	void *userdata;
	/* A sentence for a person who waits at that moment. NULL: none. */
	int64_t tell_ms;
	const char *tell;
};

/* For so many milliseconds from now on; nothing ends it sooner. */
struct patience patience_of(const struct clock *clock, int milliseconds);

/*
 * Waits for a descriptor.
 * @events: of poll(2)
 * @most_ms: longest, without the patience being at its end; -1: no limit
 * Returns: 1; 0 after @most_ms; -ETIMEDOUT, -ECANCELED when stopped() has said
 * so, or another negative errno.
 */
int patience_wait(struct patience *patience, int fd, short events,
		  int64_t most_ms);
