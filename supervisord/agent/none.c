/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent for when nobody is there. */
#include "agent/none.h"

#include <errno.h>
#include <stdlib.h>

static int none_ask(struct agent *agent, const struct question *question)
{
	char name[] = "none";
	const struct decision deny = {
		.outcome = OUTCOME_DENY,
		.unanswered = true,
		.lifetime = LIFETIME_ONCE,
		.agent = name,
	};

	agent_decide(agent, question->id, &deny);
	return 0;
}

static void none_withdraw(struct agent *agent, uint64_t question_id)
{
	/* Every question was answered before none_ask() returned. */
	(void)agent;
	(void)question_id;
}

static struct agent *none_free(struct agent *agent)
{
	free(agent);
	return NULL;
}

static const struct agent_ops none_ops = {
	.name = "none",
	.ask = none_ask,
	.withdraw = none_withdraw,
	.free = none_free,
};

int none_agent_new(struct agent **ret)
{
	struct agent *const agent = calloc(1, sizeof(*agent));

	if (!agent)
		return -ENOMEM;
	agent->ops = &none_ops;
	*ret = agent;
	return 0;
}
