/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods of agents.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "control/errors.h"
#include "control/methods.h"
#include "control/wire.h"
#include "supervision/domain.h"

METHOD(method_subscribe)
{
	struct caller *caller = userdata;
	_cleanup_free_ char *sentence = NULL;
	struct bus_agent *agent;
	int r = refuse_inside(caller, error);

	if (r < 0)
		return r;
	if (caller->subscribed || caller->domain)
		return bus_fail(error, -EBUSY,
				"this connection has subscribed already");
	agent = caller_agent_new(caller);
	if (!agent)
		return bus_fail(error, -ENOMEM, NULL);
	/* The reply goes first: a question may follow at once. */
	r = sd_bus_reply_method_return(m, "");
	if (r >= 0)
		r = supervisor_subscribe(caller->supervisor,
					 bus_agent_agent(agent), caller->pid,
					 &sentence);
	if (r < 0) {
		agent_free(bus_agent_agent(agent));
		return bus_fail(error, r, sentence);
	}
	caller->subscribed = agent;
	return r;
}

METHOD(method_unsubscribe)
{
	struct caller *caller = userdata;
	struct bus_agent **agent =
		caller->subscribed ? &caller->subscribed : &caller->own_agent;

	if (!*agent)
		return bus_fail(error, -EBUSY, "there is no agent here");
	if (caller->domain)
		caller->domain->own_agent = NULL;
	supervisor_unsubscribe(caller->supervisor, bus_agent_agent(*agent));
	agent_free(bus_agent_agent(*agent));
	*agent = NULL;
	return sd_bus_reply_method_return(m, "");
}

/* Provenance: an agent may name itself; its process is added. */
static int name_agent(struct caller *caller, struct decision *decision)
{
	char *name;

	if (asprintf(&name, "%.64s (pid %d)",
		     decision->agent && decision->agent[0] ? decision->agent
							   : "agent",
		     caller->pid) < 0)
		return -ENOMEM;
	free(decision->agent);
	decision->agent = name;
	return 0;
}

METHOD(method_decide)
{
	struct caller *caller = userdata;
	struct decision decision = {};
	uint64_t id;
	int r;

	/*
	 * A monitor's own agent may be inside the tree around its own domain,
	 * but it is only ever asked for its own domain.
	 */
	if (!caller->own_agent) {
		r = refuse_inside(caller, error);
		if (r < 0)
			return r;
	}
	r = sd_bus_message_read(m, "t", &id);
	if (r >= 0)
		r = wire_read_decision(m, &decision);
	if (r >= 0)
		r = name_agent(caller, &decision);
	if (r < 0) {
		decision_finish(&decision);
		return bus_fail(error, r, NULL);
	}
	r = bus_agent_decide(caller->subscribed, id, &decision);
	if (r < 0)
		r = bus_agent_decide(caller->own_agent, id, &decision);
	decision_finish(&decision);
	if (r < 0)
		return bus_fail(error, r,
				"this question is not open with this agent");
	return sd_bus_reply_method_return(m, "");
}
