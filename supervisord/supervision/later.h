/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Later: changes of the store that another process's lock keeps from being made
 * now. The loop waits for no lock: a change is tried again by a wakeup, for a
 * while, and meanwhile everybody else has their turn.
 */
#pragma once

#include "supervision/registry.h"

/* What nobody's program waits for may take that long. */
#define LATER_MS 30000

struct later_ops {
	/* Returns: -EBUSY: it is to be tried again; or what it comes to. */
	int (*attempt)(void *userdata);

	/* Called once. @error: -EBUSY when the time is over */
	void (*done)(void *userdata, int error);
};

/*
 * Attempts a change, at once and until it is done or not to be done.
 * @ms: for that long
 * Returns: 0, and @done has been or will be called; or -ENOMEM: it will not be.
 */
int later_run(struct registry *registry, const struct later_ops *ops,
	      void *userdata, int64_t ms);

/* Attempts again what is due, and sets the next wakeup. */
void later_retry(struct registry *registry);

/*
 * Ends what waits: each is attempted once more, for which the store may wait
 * for its lock, since registry->ending is set.
 */
void later_finish(struct registry *registry);
