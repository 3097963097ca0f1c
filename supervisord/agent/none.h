/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The agent for when nobody is there: it denies every question once.
 */
#pragma once

#include "agent/agent.h"

/* Returns: 0 or -ENOMEM. Release with agent_free(). */
int none_agent_new(struct agent **ret);
