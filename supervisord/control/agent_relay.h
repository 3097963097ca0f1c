/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets an agent of this process answer questions of the daemon: the daemon's
 * org.landlord.Agent1 calls go to the agent, its decisions go back. Used by
 * `landlord agent` and by a monitor whose terminal is the agent.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "agent/agent.h"

struct agent_relay;

/*
 * @agent: borrowed; its events are set by the relay
 * @gone: the agent cannot answer any more; may be NULL
 * Returns: 0 or -ENOMEM.
 */
int agent_relay_new(struct agent_relay **ret, struct agent *agent,
		    void (*gone)(void *userdata), void *userdata);

/* Withdraws what is open, and lets the agent go, which then tells nobody
 * anything. Takes NULL; always returns NULL. */
struct agent_relay *agent_relay_free(struct agent_relay *relay);

/*
 * Serves a connection; the one before must have been detached.
 * @sent: called after a message was queued, may be NULL (see bus_loop_update())
 */
int agent_relay_attach(struct agent_relay *relay, sd_bus *bus,
		       void (*sent)(void *userdata));

/* The connection has ended: what the daemon asked is withdrawn. */
void agent_relay_detach(struct agent_relay *relay);
