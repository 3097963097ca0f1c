/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The embedded default: the whole core (policy, store, plugins, questions) in
 * the process of the supervisor itself, for when no daemon runs.
 */
#pragma once

#include <event2/event.h>

#include "agent/agent.h"
#include "core/decider.h"

struct embedded_options {
	struct agent *agent; /* asks; borrowed; NULL: nobody is there */
	int timeout_seconds; /* a question's deadline; 0: the configured one */
};

/*
 * Registers a domain with a core of its own. The first commit has been made
 * through @events when this returns.
 * @ret_sentence: on failure a sentence for the person (free(3)), may be NULL
 * Returns: 0, or a negative errno (EDEADLK: would supervise itself).
 */
int embedded_decider_new(struct decider **ret, struct event_base *loop,
			 const struct domain_info *info,
			 const struct embedded_options *options,
			 const struct decider_events *events, void *engine,
			 char **ret_sentence);
