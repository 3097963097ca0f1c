/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An agent at the other end of a stream: a launcher, or whoever else started
 * the program and answers for it. It is asked and answers one JSON object a
 * line, as a helper program is and does: see plugin_exec.h. "pass" denies once,
 * since nobody comes behind it.
 *
 * When the stream ends, or brings what is not understood, the agent is gone,
 * and what it has not answered is denied once.
 */
#pragma once

#include <event2/event.h>

#include "agent/agent.h"
#include "base/clock.h"

/*
 * @fd: a connected stream socket, which does not block; owned on success
 * @clock: from which the lifetimes of answers count; borrowed
 * Returns: 0 or -ENOMEM.
 */
int stream_agent_new(struct agent **ret, struct event_base *loop, int fd,
		     const struct clock *clock);
