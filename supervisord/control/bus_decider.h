/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A decider behind the control socket: requests go to landlordd, commits and
 * answers come back. When the daemon goes away it is reconnected to (open
 * requests are put again), and what waits longer than its deadline is denied.
 */
#pragma once

#include <event2/event.h>

#include "agent/agent.h"
#include "base/clock.h"
#include "control/patience.h"
#include "core/decider.h"

/* How long a program waits for the daemon before it begins. */
#define BUS_DECIDER_START_MS 10000

struct bus_decider_options {
	/*
	 * An agent of this supervisor's own (the terminal, a script), which
	 * the daemon asks first for this domain's questions; borrowed; NULL:
	 * the agents that have subscribed with the daemon.
	 */
	struct agent *agent;
	int timeout_seconds;
	const struct clock *clock;
	/* Looked after while there is no daemon; borrowed; NULL: none. */
	const char *grants_dir;
	/* The program is to end; NULL: nobody here can end it. */
	void (*stop)(void *userdata);
	void *stop_userdata;
	/* For the registration; NULL: BUS_DECIDER_START_MS. */
	struct patience *patience;
};

/*
 * Connects, registers, and waits for the first commit, all of it with one
 * patience.
 * Returns: 0; -ENOENT or -ECONNREFUSED when no daemon listens, -ETIMEDOUT when
 * it does not answer, -EUSERS when it has no room (the caller may fall back to
 * the embedded default); -ECANCELED when the patience was stopped; another
 * negative errno. A sentence in *ret_sentence (free(3)).
 */
int bus_decider_new(struct decider **ret, struct event_base *loop,
		    const struct domain_info *info,
		    const struct bus_decider_options *options,
		    const struct decider_events *events, void *engine,
		    char **ret_sentence);
