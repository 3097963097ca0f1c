/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The agent of a run: who is asked on its behalf.
 */
#pragma once

#include <event2/event.h>

#include "agent/agent.h"
#include "agent/terminal.h"
#include "run/run_options.h"

struct run_agent {
	struct agent *agent; /* NULL: the agents at the daemon, or nobody */
	/* The program's relay, which owns the agent then; NULL: the program
	 * keeps the terminal that it was given. */
	struct terminal *terminal;
};

/*
 * Makes the agent that the command line asks for, by default that of the
 * terminal where there is one.
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int run_agent_init(struct run_agent *ret, struct event_base *loop,
		   const struct run_options *options);

void run_agent_finish(struct run_agent *agent);
