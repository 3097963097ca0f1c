/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registration of a run's domain: with the daemon where one answers, else
 * with a core of our own.
 */
#pragma once

#include <event2/event.h>

#include "core/decider.h"
#include "run/agent.h"
#include "run/enforcer.h"
#include "run/options.h"

struct registration {
	struct event_base *loop;
	const struct run_options *options;
	const struct run_agent *agent;
	const struct enforcer *enforcer; /* told of commits and answers */
	const char *path;		 /* of the program */
	const char *shim;		 /* what is preloaded; NULL: nothing */
};

/*
 * Registers; the first commit has been made when this returns.
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int registration_new(struct decider **ret, const struct registration *of);
