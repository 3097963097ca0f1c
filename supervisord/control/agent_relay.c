/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets an agent of this process answer questions of the daemon.
 */
#include "control/agent_relay.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "control/client.h"
#include "control/tell.h"
#include "control/wire.h"

struct relayed {
	TAILQ_ENTRY(relayed) link;
	uint64_t id;
};

struct agent_relay {
	struct agent *agent;
	sd_bus *bus; /* NULL while detached */
	sd_bus_slot *slot;
	void (*sent)(void *userdata);
	void (*gone)(void *userdata);
	void *userdata;
	TAILQ_HEAD(, relayed) open;
	/* How the question is to be put that comes next. */
	struct {
		uint64_t id;
		int64_t kept_most;
		int terse;
	} limits;
};

static struct relayed *find(struct agent_relay *relay, uint64_t id)
{
	struct relayed *relayed;

	TAILQ_FOREACH (relayed, &relay->open, link)
		if (relayed->id == id)
			return relayed;
	return NULL;
}

/* Returns: whether the question was open. */
static bool forget(struct agent_relay *relay, uint64_t id)
{
	struct relayed *relayed = find(relay, id);

	if (!relayed)
		return false;
	TAILQ_REMOVE(&relay->open, relayed, link);
	free(relayed);
	return true;
}

static void send_call(struct agent_relay *relay, sd_bus_message *m)
{
	if (sd_bus_message_set_expect_reply(m, 0) < 0 ||
	    sd_bus_send(relay->bus, m, NULL) < 0)
		log_debug("the daemon has gone before the answer");
	if (relay->sent)
		relay->sent(relay->userdata);
}

static void on_decide(void *userdata, uint64_t question_id,
		      const struct decision *decision)
{
	struct agent_relay *relay = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	int result;

	if (!forget(relay, question_id) || !relay->bus)
		return;
	result = client_call_new(relay->bus, "Decide", &m);
	if (result >= 0)
		result = sd_bus_message_append(m, "t", question_id);
	if (result >= 0)
		result = wire_append_decision(m, decision);
	if (result >= 0)
		send_call(relay, m);
}

static void on_gone(void *userdata, struct agent *agent)
{
	struct agent_relay *relay = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	(void)agent;
	while (!TAILQ_EMPTY(&relay->open))
		forget(relay, TAILQ_FIRST(&relay->open)->id);
	if (relay->bus && client_call_new(relay->bus, "Unsubscribe", &m) >= 0)
		send_call(relay, m);
	if (relay->gone)
		relay->gone(relay->userdata);
}

static const struct agent_events relay_events = {
	.decide = on_decide,
	.gone = on_gone,
};

/* Puts a question to the agent; what it cannot take is denied once. */
static int put(struct agent_relay *relay, const struct question *question)
{
	const struct decision deny = {.outcome = OUTCOME_DENY};
	struct relayed *relayed = calloc(1, sizeof(*relayed));

	if (!relayed)
		return -ENOMEM;
	relayed->id = question->id;
	TAILQ_INSERT_TAIL(&relay->open, relayed, link);
	if (agent_ask(relay->agent, question) < 0)
		on_decide(relay, question->id, &deny);
	return 0;
}

static int on_limits(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct agent_relay *relay = userdata;
	int result;

	(void)error;
	result = sd_bus_message_read(m, "txb", &relay->limits.id,
				     &relay->limits.kept_most,
				     &relay->limits.terse);
	return result < 0 ? result : sd_bus_reply_method_return(m, "");
}

static int on_ask(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct agent_relay *relay = userdata;
	struct wire_question asked;
	int result;

	(void)error;
	result = wire_read_question(m, &asked);
	if (result < 0)
		return result;
	if (relay->limits.id == asked.question.id) {
		asked.question.kept_most = relay->limits.kept_most;
		asked.question.terse = relay->limits.terse;
	}
	result = put(relay, &asked.question);
	wire_question_finish(&asked);
	return result < 0 ? result : sd_bus_reply_method_return(m, "");
}

static int on_withdraw(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct agent_relay *relay = userdata;
	uint64_t id;
	int result = sd_bus_message_read(m, "t", &id);

	(void)error;
	if (result < 0)
		return result;
	if (forget(relay, id))
		agent_withdraw(relay->agent, id);
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable agent_vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Limits", "txb", "", on_limits,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Ask", "tayayux" BUS_REQUEST, "", on_ask,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Withdraw", "t", "", on_withdraw,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	TELL_METHOD,
	SD_BUS_VTABLE_END,
};

int agent_relay_new(struct agent_relay **ret, struct agent *agent,
		    void (*gone)(void *userdata), void *userdata)
{
	struct agent_relay *relay = calloc(1, sizeof(*relay));

	if (!relay)
		return -ENOMEM;
	TAILQ_INIT(&relay->open);
	relay->agent = agent;
	relay->gone = gone;
	relay->userdata = userdata;
	agent->events = &relay_events;
	agent->userdata = relay;
	*ret = relay;
	return 0;
}

int agent_relay_attach(struct agent_relay *relay, sd_bus *bus,
		       void (*sent)(void *userdata))
{
	const int result =
		sd_bus_add_object_vtable(bus, &relay->slot, BUS_AGENT_PATH,
					 BUS_AGENT, agent_vtable, relay);

	if (result < 0)
		return result;
	relay->bus = bus;
	relay->sent = sent;
	return 0;
}

void agent_relay_detach(struct agent_relay *relay)
{
	uint64_t id;

	relay->slot = sd_bus_slot_unref(relay->slot);
	relay->bus = NULL;
	while (!TAILQ_EMPTY(&relay->open)) {
		id = TAILQ_FIRST(&relay->open)->id;
		forget(relay, id);
		agent_withdraw(relay->agent, id);
	}
}

struct agent_relay *agent_relay_free(struct agent_relay *relay)
{
	if (!relay)
		return NULL;
	agent_relay_detach(relay);
	/* The agent lives on, and may have to say that it has gone. */
	if (relay->agent->userdata == relay) {
		relay->agent->events = NULL;
		relay->agent->userdata = NULL;
	}
	free(relay);
	return NULL;
}
