/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods of agents.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "control/errors.h"
#include "control/methods.h"
#include "control/wire_parts.h"
#include "supervision/domain.h"
#include "supervision/inquiry.h"
#include "supervision/wait_graph.h"

METHOD(method_subscribe)
{
	struct caller *caller = userdata;
	_cleanup_free_ char *sentence = NULL;
	struct bus_agent *agent;
	int result = refuse_inside(caller, error);

	if (result < 0)
		return result;
	if (caller->subscribed || caller->domain)
		return bus_fail(error, -EBUSY,
				"this connection has subscribed already");
	agent = caller_agent_new(caller);
	if (!agent)
		return bus_fail(error, -ENOMEM, NULL);
	/* The reply goes first: a question may follow at once. */
	result = sd_bus_reply_method_return(m, "");
	if (result >= 0)
		result = supervisor_subscribe(caller->supervisor,
					      bus_agent_agent(agent),
					      caller->pid, &sentence);
	if (result >= 0 && caller->levers)
		supervisor_hang(caller->supervisor, bus_agent_agent(agent),
				caller->levers);
	if (result < 0) {
		agent_free(bus_agent_agent(agent));
		return bus_fail(error, result, sentence);
	}
	caller->subscribed = agent;
	return result;
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

static int read_lever(struct caller *caller, sd_bus_message *m, uint64_t *set)
{
	struct object object = {0};
	rights_t rights;
	int result = sd_bus_message_enter_container(m, 'r', BUS_OBJECT "t");

	if (result >= 0)
		result = wire_read_object(m, &object);
	if (result < 0)
		return result;
	result = sd_bus_message_read(m, "t", &rights);
	if (result >= 0)
		result = wait_graph_add_lever(
			caller->supervisor->registry.wait_graph, &object,
			rights, set);
	object_finish(&object);
	return result < 0 ? result : sd_bus_message_exit_container(m);
}

static int read_levers(struct caller *caller, sd_bus_message *m, uint64_t *set)
{
	int result = sd_bus_message_enter_container(m, 'a', BUS_ACCESS);

	while (result >= 0 && sd_bus_message_at_end(m, 0) == 0)
		result = read_lever(caller, m, set);
	return result < 0 ? result : sd_bus_message_exit_container(m);
}

/*
 * What an agent hangs on is taken as a whole, and for good: it cannot be sure
 * to have let go of a display by saying so.
 */
METHOD(method_hang_on)
{
	struct caller *caller = userdata;
	uint64_t levers = 0;
	int result = refuse_inside(caller, error);

	if (result < 0)
		return result;
	result = read_levers(caller, m, &levers);
	if (result < 0)
		return bus_fail(error, result, NULL);
	caller->levers |= levers;
	if (caller->subscribed)
		result = supervisor_hang(caller->supervisor,
					 bus_agent_agent(caller->subscribed),
					 levers);
	return result < 0 ? bus_fail(error, result, NULL)
			  : sd_bus_reply_method_return(m, "");
}

/* The other apps that may reach what a caller hangs on, each once. */
static int append_others(sd_bus_message *m, const struct caller *caller,
			 const struct domain *asking)
{
	const struct registry *registry = &caller->supervisor->registry;
	const struct domain *domain, *earlier;
	int result = sd_bus_message_open_container(m, 'a', "ay");

	TAILQ_FOREACH (domain, &registry->domains, link) {
		if (result < 0)
			break;
		if (domain == asking || !(domain->reached & caller->levers))
			continue;
		TAILQ_FOREACH (earlier, &registry->domains, link)
			if (earlier == domain ||
			    ((earlier->reached & caller->levers) &&
			     strcmp(earlier->app, domain->app) == 0))
				break;
		if (earlier == domain)
			result = wire_append_bytes(m, domain->app);
	}
	return result < 0 ? result : sd_bus_message_close_container(m);
}

METHOD(method_may_allow)
{
	struct caller *caller = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_free_ char *reached = NULL;
	const struct inquiry *inquiry;
	const struct agent *agent;
	uint64_t id;
	int result = refuse_inside(caller, error);

	if (result < 0)
		return result;
	result = sd_bus_message_read(m, "t", &id);
	if (result < 0)
		return bus_fail(error, result, NULL);
	if (!caller->subscribed)
		return bus_fail(error, -EBUSY, "subscribe first");
	inquiry = inquiry_by_id(&caller->supervisor->registry, id);
	if (!inquiry)
		return bus_fail(error, -ENOENT, "this question is not open");
	agent = bus_agent_agent(caller->subscribed);
	reached =
		wait_graph_name_reached(caller->supervisor->registry.wait_graph,
					agent, inquiry->domain);
	if (!reached)
		return bus_fail(error, -ENOMEM, NULL);
	TRY(sd_bus_message_new_method_return(m, &reply));
	TRY(sd_bus_message_append(
		reply, "b",
		(int)(supervisor_may_allow(caller->supervisor, agent, id,
					   NULL) == 0)));
	TRY(wire_append_bytes(reply, reached));
	TRY(append_others(reply, caller, inquiry->domain));
	TRY(caller->send(caller, reply));
	return 1;
}

/*
 * Reads the number of a question that this caller has been asked.
 * Returns: 0, or what the handler returns (the error is set).
 */
static int read_own_question(struct caller *caller, sd_bus_message *m,
			     sd_bus_error *error, uint64_t *ret)
{
	int result = refuse_inside(caller, error);

	if (result < 0)
		return result;
	result = sd_bus_message_read(m, "t", ret);
	if (result < 0)
		return bus_fail(error, result, NULL);
	if (!bus_agent_has(caller->subscribed, *ret))
		return bus_fail(error, -ENOENT,
				"this question is not open with this agent");
	return 0;
}

METHOD(method_postpone)
{
	struct caller *caller = userdata;
	int64_t deadline = 0;
	uint64_t id;
	int result = read_own_question(caller, m, error, &id);

	if (result < 0)
		return result;
	result = supervisor_postpone(caller->supervisor, id, &deadline);
	if (result < 0)
		return bus_fail(error, result, "this question is not open");
	return sd_bus_reply_method_return(m, "x", deadline);
}

/* Who may deny may do so at one stroke for all that is still to come. */
METHOD(method_stop)
{
	struct caller *caller = userdata;
	_cleanup_free_ char *by = NULL;
	const struct inquiry *inquiry;
	uint64_t id;
	int result = read_own_question(caller, m, error, &id);

	if (result < 0)
		return result;
	inquiry = inquiry_by_id(&caller->supervisor->registry, id);
	if (!inquiry)
		return bus_fail(error, -ENOENT, "this question is not open");
	if (asprintf(&by, "agent (pid %d)", caller->pid) < 0) {
		by = NULL;
		return bus_fail(error, -ENOMEM, NULL);
	}
	result = inquiry_stop(inquiry, by);
	return result < 0 ? bus_fail(error, result, NULL)
			  : sd_bus_reply_method_return(m, "");
}

/*
 * Whether a decision may be taken from its agent: an allowing one is not, where
 * who asks can make the agent say it. The question stays open.
 */
static int check_decision(struct caller *caller, uint64_t id,
			  const struct decision *decision, char **sentence)
{
	if (decision->outcome != OUTCOME_ALLOW || !caller->subscribed)
		return 0;
	return supervisor_may_allow(caller->supervisor,
				    bus_agent_agent(caller->subscribed), id,
				    sentence);
}

METHOD(method_decide)
{
	struct caller *caller = userdata;
	_cleanup_free_ char *sentence = NULL;
	struct decision decision = {0};
	uint64_t id;
	int result;

	/*
	 * A monitor's own agent may be inside the tree around its own domain,
	 * but it is only ever asked for its own domain.
	 */
	if (!caller->own_agent) {
		result = refuse_inside(caller, error);
		if (result < 0)
			return result;
	}
	result = sd_bus_message_read(m, "t", &id);
	if (result >= 0)
		result = wire_read_decision(m, &decision);
	if (result >= 0)
		result = name_agent(caller, &decision);
	if (result >= 0)
		result = check_decision(caller, id, &decision, &sentence);
	if (result < 0) {
		decision_finish(&decision);
		return bus_fail(error, result, sentence);
	}
	result = bus_agent_decide(caller->subscribed, id, &decision);
	if (result < 0)
		result = bus_agent_decide(caller->own_agent, id, &decision);
	decision_finish(&decision);
	if (result < 0)
		return bus_fail(error, result,
				"this question is not open with this agent");
	return sd_bus_reply_method_return(m, "");
}
