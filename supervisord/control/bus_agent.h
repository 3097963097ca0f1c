/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An agent on the other side of a connection, as the core sees it. It may only
 * decide questions that were put to it.
 */
#pragma once

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "agent/agent.h"

struct bus_agent;

/* A client has no more questions open than that; the rest go elsewhere. */
#define BUS_AGENT_QUESTIONS_MAX 256

/*
 * @bus: of the client; borrowed, and so is @userdata
 * @send: sends a message on it, and gives up on a client that does not read
 */
struct bus_agent *bus_agent_new(sd_bus *bus,
				int (*send)(void *userdata, sd_bus_message *m),
				void *userdata);
struct agent *bus_agent_agent(struct bus_agent *agent);

/* Whether a question is open with this agent. Takes NULL. */
bool bus_agent_has(const struct bus_agent *agent, uint64_t question_id);

/*
 * Its client has decided. @decision: copied
 * Returns: 0, -ENOENT when the question is not open with this agent.
 */
int bus_agent_decide(struct bus_agent *agent, uint64_t question_id,
		     const struct decision *decision);
