/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console agent: questions on a terminal where no supervised program runs,
 * as `landlord agent` puts those of every program. The terminal is in its
 * ordinary state except while a question is open; ^C and ^Z are signals.
 */
#pragma once

#include <event2/event.h>

#include "agent/agent.h"

/*
 * Makes the agent.
 * @tty_fd: the terminal, duplicated; it is read from and written to
 * Returns: 0, -ENOTTY, or another negative errno. Release with agent_free().
 */
int console_agent_new(struct agent **ret, struct event_base *loop, int tty_fd);
