/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The agent behind --answer: the same answer to every question.
 */
#pragma once

#include "agent/agent.h"
#include "base/clock.h"

/*
 * Makes the agent.
 * @text: "OUTCOME[:LIFETIME[:SCOPE]]" as decision_parse() takes it; copied. A
 *        lifetime that is a duration starts at each question.
 * @clock: by which it does; borrowed
 * @ret_expected: on -EINVAL, what was expected (static storage)
 * Returns: 0, -EINVAL, -ENOMEM. Release with agent_free().
 */
int answer_agent_new(struct agent **ret, const char *text,
		     const struct clock *clock, const char **ret_expected);
