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

METHOD(method_subscribe)
{
	struct connection *connection = userdata;
	_cleanup_free_ char *sentence = NULL;
	struct bus_agent *agent;
	int r = refuse_inside(connection, error);

	if (r < 0)
		return r;
	if (connection->subscribed || connection->domain)
		return bus_fail(error, -EBUSY,
				"this connection has subscribed already");
	agent = connection_agent_new(connection);
	if (!agent)
		return bus_fail(error, -ENOMEM, NULL);
	/* The reply goes first: a question may follow at once. */
	r = sd_bus_reply_method_return(m, "");
	if (r >= 0)
		r = supervisor_subscribe(connection->supervisor,
					 bus_agent_agent(agent),
					 connection->pid, &sentence);
	if (r < 0) {
		agent_free(bus_agent_agent(agent));
		return bus_fail(error, r, sentence);
	}
	connection->subscribed = agent;
	return r;
}

METHOD(method_unsubscribe)
{
	struct connection *connection = userdata;
	struct bus_agent **agent = connection->subscribed
					   ? &connection->subscribed
					   : &connection->own_agent;

	if (!*agent)
		return bus_fail(error, -EBUSY, "there is no agent here");
	if (connection->domain)
		connection->domain->own_agent = NULL;
	supervisor_unsubscribe(connection->supervisor, bus_agent_agent(*agent));
	agent_free(bus_agent_agent(*agent));
	*agent = NULL;
	return sd_bus_reply_method_return(m, "");
}

/* Provenance: an agent may name itself; its process is added. */
static int name_agent(struct connection *connection, struct decision *decision)
{
	char *name;

	if (asprintf(&name, "%.64s (pid %d)",
		     decision->agent && decision->agent[0] ? decision->agent
							   : "agent",
		     connection->pid) < 0)
		return -ENOMEM;
	free(decision->agent);
	decision->agent = name;
	return 0;
}

METHOD(method_decide)
{
	struct connection *connection = userdata;
	struct decision decision = {};
	uint64_t id;
	int r;

	/*
	 * A monitor's own agent may be inside the tree around its own domain,
	 * but it is only ever asked for its own domain.
	 */
	if (!connection->own_agent) {
		r = refuse_inside(connection, error);
		if (r < 0)
			return r;
	}
	r = sd_bus_message_read(m, "t", &id);
	if (r >= 0)
		r = wire_read_decision(m, &decision);
	if (r >= 0)
		r = name_agent(connection, &decision);
	if (r < 0) {
		decision_finish(&decision);
		return bus_fail(error, r, NULL);
	}
	r = bus_agent_decide(connection->subscribed, id, &decision);
	if (r < 0)
		r = bus_agent_decide(connection->own_agent, id, &decision);
	decision_finish(&decision);
	if (r < 0)
		return bus_fail(error, r,
				"this question is not open with this agent");
	return sd_bus_reply_method_return(m, "");
}
