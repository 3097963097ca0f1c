/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who calls the methods of org.landlord.Supervisor1.
 */
#include "control/caller.h"

#include "supervision/registration.h"

void callers_init(struct callers *callers)
{
	TAILQ_INIT(&callers->list);
	callers->count = 0;
}

void callers_add(struct callers *callers, struct caller *caller)
{
	TAILQ_INSERT_TAIL(&callers->list, caller, link);
	callers->count++;
	caller->callers = callers;
}

struct caller *callers_find(const struct callers *callers, uint64_t id)
{
	struct caller *caller;

	TAILQ_FOREACH (caller, &callers->list, link)
		if (caller->id == id)
			return caller;
	return NULL;
}

static void free_agent(struct caller *caller, struct bus_agent **bus_agent)
{
	struct agent *agent;

	if (!*bus_agent)
		return;
	agent = bus_agent_agent(*bus_agent);
	*bus_agent = NULL;
	supervisor_unsubscribe(caller->supervisor, agent);
	agent_free(agent);
}

void caller_finish(struct caller *caller)
{
	if (caller->callers) {
		TAILQ_REMOVE(&caller->callers->list, caller, link);
		caller->callers->count--;
		caller->callers = NULL;
	}
	caller->domain = domain_unregister(caller->domain);
	free_agent(caller, &caller->subscribed);
	free_agent(caller, &caller->own_agent);
}

static int send_for_agent(void *userdata, sd_bus_message *message)
{
	struct caller *caller = userdata;

	return caller->send(caller, message);
}

struct bus_agent *caller_agent_new(struct caller *caller)
{
	return bus_agent_new(caller->bus, send_for_agent, caller);
}
