/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Agents: whoever puts questions to a person (terminal, desktop, another
 * process on the bus) or answers them in a person's place (script, none).
 *
 * A backend is a table of operations. Nothing here blocks: ask() returns at
 * once, and the decision comes later through events.decide(), or before ask()
 * returns. Every question ends by decide() or withdraw(), exactly once.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/decision.h"
#include "core/request.h"

/* A question as an agent sees it; valid during the call, copy what is kept. */
struct question {
	uint64_t id;
	const char *app;	/* name of the policy */
	const char *supervisor; /* who asks, for a person: "landlord" */
	const struct request *request;
	size_t waiting;	  /* requests that hang on this answer */
	int64_t deadline; /* CLOCK_BOOTTIME milliseconds; 0: none */
	/* For how many seconds what is allowed is kept at most; 0: for good;
	 * -1: not beyond the session. */
	int64_t kept_most;
	bool terse; /* no more is to be said than has to be */
};

struct agent;

struct agent_events {
	/* Answers a question; an unknown id is ignored. @decision: copied. */
	void (*decide)(void *userdata, uint64_t question_id,
		       const struct decision *decision);

	/*
	 * The agent cannot answer any more (closed, disconnected). Its open
	 * questions go to another agent or are denied once.
	 */
	void (*gone)(void *userdata, struct agent *agent);
};

struct agent_ops {
	const char *name; /* "terminal", "script", "none", "bus" */

	/* Returns: 0, or a negative errno: this agent cannot take it. */
	int (*ask)(struct agent *agent, const struct question *question);

	/* The requester has gone or the deadline has passed. */
	void (*withdraw)(struct agent *agent, uint64_t question_id);

	/*
	 * Something for whoever has answered: what became of it is not what was
	 * answered. May be NULL: nobody is there to read it.
	 */
	void (*tell)(struct agent *agent, const char *sentence);

	struct agent *(*free)(struct agent *agent);
};

/* Embedded as the first member of each implementation. */
struct agent {
	const struct agent_ops *ops;
	const struct agent_events *events; /* set by whoever uses the agent */
	void *userdata;
};

/* What a user of an agent calls: never the tables themselves. */

static inline int agent_ask(struct agent *agent,
			    const struct question *question)
{
	return agent->ops->ask(agent, question);
}

static inline void agent_withdraw(struct agent *agent, uint64_t question_id)
{
	agent->ops->withdraw(agent, question_id);
}

static inline void agent_tell(struct agent *agent, const char *sentence)
{
	if (agent->ops->tell)
		agent->ops->tell(agent, sentence);
}

/* Takes NULL; always returns NULL. */
static inline struct agent *agent_free(struct agent *agent)
{
	return agent ? agent->ops->free(agent) : NULL;
}

/* What an agent calls to answer. @decision: copied by whoever listens. */
static inline void agent_decide(struct agent *agent, uint64_t question_id,
				const struct decision *decision)
{
	agent->events->decide(agent->userdata, question_id, decision);
}
