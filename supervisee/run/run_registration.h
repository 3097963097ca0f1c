/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registration of a run's domain: with the daemon where one answers, else
 * with a core of our own.
 */
#pragma once

#include <event2/event.h>

#include "control/patience.h"
#include "core/decider.h"
#include "engine/engine.h"
#include "run/run_agent.h"
#include "run/run_options.h"
#include "trace/recorder.h"

struct run_registration {
	struct event_base *loop;
	const struct clock *clock;
	const struct run_options *options;
	const struct run_agent *agent;
	struct engine *engine;	   /* told of commits and answers */
	struct recorder *recorder; /* the decider's from then on; or NULL */
	const char *path;	   /* of the program */
	struct patience *patience; /* with the daemon */
	/* The program is to end, with all of its tree. */
	void (*stop)(void *userdata);
	void *userdata;
};

/*
 * Registers; the first commit has been made when this returns. A daemon that
 * does not answer in time, or has no room, is done without where that loses no
 * decision: not where it has plugins, nor where its agents were asked for.
 * Returns: 0, -ECANCELED without a word when the patience was stopped, or
 * another negative errno after one line that says what is wrong.
 */
int run_registration_new(struct decider **ret,
			 const struct run_registration *of);
