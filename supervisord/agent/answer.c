/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent behind --answer. */
#include "agent/answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct answer_agent {
	struct agent agent;
	const struct clock *clock;
	char *text;
};

static int answer_ask(struct agent *agent, const struct question *question)
{
	struct answer_agent *const answer = (struct answer_agent *)agent;
	const char *expected;
	struct decision decision;
	int error;

	error = decision_parse(answer->text, clock_wall(answer->clock),
			       &decision, &expected);
	if (error)
		return error;
	free(decision.agent);
	decision.agent = strdup("--answer");
	agent_decide(agent, question->id, &decision);
	decision_finish(&decision);
	return 0;
}

static void answer_withdraw(struct agent *agent, uint64_t question_id)
{
	/* Every question was answered before answer_ask() returned. */
	(void)agent;
	(void)question_id;
}

static struct agent *answer_free(struct agent *agent)
{
	struct answer_agent *const answer = (struct answer_agent *)agent;

	free(answer->text);
	free(answer);
	return NULL;
}

static const struct agent_ops answer_ops = {
	.name = "answer",
	.ask = answer_ask,
	.withdraw = answer_withdraw,
	.free = answer_free,
};

int answer_agent_new(struct agent **ret, const char *text,
		     const struct clock *clock, const char **ret_expected)
{
	struct answer_agent *answer;
	struct decision decision;
	int error;

	error = decision_parse(text, 0, &decision, ret_expected);
	if (error)
		return error;
	decision_finish(&decision);

	answer = calloc(1, sizeof(*answer));
	if (!answer)
		return -ENOMEM;
	answer->agent.ops = &answer_ops;
	answer->clock = clock;
	answer->text = strdup(text);
	if (!answer->text) {
		free(answer);
		return -ENOMEM;
	}
	*ret = &answer->agent;
	return 0;
}
