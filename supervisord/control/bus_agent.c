/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An agent on the other side of a connection.
 */
#include "control/bus_agent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "control/try.h"
#include "control/wire.h"

struct bus_agent {
	struct agent agent;
	sd_bus *bus;
	int (*send)(void *userdata, sd_bus_message *m);
	void *userdata;
	uint64_t open[BUS_AGENT_QUESTIONS_MAX];
	size_t open_count;
};

static bool forget(struct bus_agent *agent, uint64_t question_id)
{
	for (size_t i = 0; i < agent->open_count; i++)
		if (agent->open[i] == question_id) {
			agent->open[i] = agent->open[--agent->open_count];
			return true;
		}
	return false;
}

static int append_question(sd_bus_message *m, const struct question *question)
{
	TRY(sd_bus_message_append(m, "t", question->id));
	TRY(wire_append_bytes(m, question->app));
	TRY(wire_append_bytes(m, question->supervisor));
	TRY(sd_bus_message_append(m, "ux", (uint32_t)question->waiting,
				  question->deadline));
	return wire_append_request(m, question->request);
}

static int new_call(struct bus_agent *agent, const char *method,
		    sd_bus_message **ret)
{
	int result = sd_bus_message_new_method_call(
		agent->bus, ret, NULL, BUS_AGENT_PATH, BUS_AGENT, method);

	return result < 0 ? result : sd_bus_message_set_expect_reply(*ret, 0);
}

/* How it is to be put. An agent that does not know of that puts it as any. */
static int tell_limits(struct bus_agent *agent, const struct question *question)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (!question->kept_most && !question->terse)
		return 0;
	TRY(new_call(agent, "Limits", &m));
	TRY(sd_bus_message_append(m, "txb", question->id, question->kept_most,
				  (int)question->terse));
	return agent->send(agent->userdata, m);
}

static int agent_put(struct agent *base, const struct question *question)
{
	struct bus_agent *agent = (struct bus_agent *)base;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	int result;

	if (agent->open_count == BUS_AGENT_QUESTIONS_MAX)
		return -ENOSPC;
	result = tell_limits(agent, question);
	if (result >= 0)
		result = new_call(agent, "Ask", &m);
	if (result >= 0)
		result = append_question(m, question);
	if (result >= 0)
		result = agent->send(agent->userdata, m);
	if (result < 0)
		return result;
	agent->open[agent->open_count++] = question->id;
	return 0;
}

static void agent_take_back(struct agent *base, uint64_t question_id)
{
	struct bus_agent *agent = (struct bus_agent *)base;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (!forget(agent, question_id))
		return;
	if (new_call(agent, "Withdraw", &m) >= 0 &&
	    sd_bus_message_append(m, "t", question_id) >= 0)
		agent->send(agent->userdata, m);
}

static void agent_notice(struct agent *base, const char *sentence)
{
	struct bus_agent *agent = (struct bus_agent *)base;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (new_call(agent, "Tell", &m) >= 0 &&
	    wire_append_bytes(m, sentence) >= 0)
		agent->send(agent->userdata, m);
}

static struct agent *agent_destroy(struct agent *agent)
{
	free(agent);
	return NULL;
}

static const struct agent_ops bus_agent_ops = {
	.name = "bus",
	.ask = agent_put,
	.withdraw = agent_take_back,
	.tell = agent_notice,
	.free = agent_destroy,
};

struct bus_agent *bus_agent_new(sd_bus *bus,
				int (*send)(void *userdata, sd_bus_message *m),
				void *userdata)
{
	struct bus_agent *agent = calloc(1, sizeof(*agent));

	if (!agent)
		return NULL;
	agent->agent.ops = &bus_agent_ops;
	agent->bus = bus;
	agent->send = send;
	agent->userdata = userdata;
	return agent;
}

struct agent *bus_agent_agent(struct bus_agent *agent)
{
	return &agent->agent;
}

bool bus_agent_has(const struct bus_agent *agent, uint64_t question_id)
{
	for (size_t i = 0; agent && i < agent->open_count; i++)
		if (agent->open[i] == question_id)
			return true;
	return false;
}

int bus_agent_decide(struct bus_agent *agent, uint64_t question_id,
		     const struct decision *decision)
{
	if (!agent || !forget(agent, question_id))
		return -ENOENT;
	agent_decide(&agent->agent, question_id, decision);
	return 0;
}
