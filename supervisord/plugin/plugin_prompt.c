/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The prompt: the policy plugin that asks agents.
 *
 * Invariant: every asked entry is open with exactly one agent of the roster or
 * with the own agent of its domain. An agent may answer from within ask(): the
 * entry then carries the decision until ask() has returned.
 */
#include "plugin/plugin_prompt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct asked {
	TAILQ_ENTRY(asked) link;
	uint64_t id;
	struct agent *agent;
	/* A copy of the question, to put it to the next agent. */
	struct question question;
	struct request request;
	char *app, *supervisor;
	enum answers answers;
	bool asking;  /* within ask() */
	bool decided; /* from within ask() */
	struct decision decision;
};

/* So many answers are remembered, for what may become of them. */
#define ANSWERS_MAX 64

struct member {
	TAILQ_ENTRY(member) link;
	struct agent *agent;
	uint64_t answered[ANSWERS_MAX]; /* questions, the last ones */
	size_t answers;
};

struct prompt_plugin {
	struct plugin plugin;
	TAILQ_HEAD(, asked) asked;
	TAILQ_HEAD(, member) members; /* last subscribed first */
	size_t members_count;
	bool (*may_allow)(void *userdata, const struct agent *agent,
			  uint64_t question_id); /* NULL: all may */
	void *userdata;
};

static struct asked *asked_find(struct prompt_plugin *prompt, uint64_t id)
{
	struct asked *asked;

	TAILQ_FOREACH (asked, &prompt->asked, link)
		if (asked->id == id)
			return asked;
	return NULL;
}

static struct asked *asked_free(struct prompt_plugin *prompt,
				struct asked *asked)
{
	TAILQ_REMOVE(&prompt->asked, asked, link);
	request_finish(&asked->request);
	decision_finish(&asked->decision);
	free(asked->app);
	free(asked->supervisor);
	free(asked);
	return NULL;
}

static struct asked *asked_new(struct prompt_plugin *prompt,
			       const struct question *question)
{
	struct asked *asked = calloc(1, sizeof(*asked));

	if (!asked)
		return NULL;
	TAILQ_INSERT_TAIL(&prompt->asked, asked, link);
	asked->id = question->id;
	asked->question = *question;
	asked->app = strdup(question->app);
	asked->supervisor = strdup(question->supervisor);
	if (!asked->app || !asked->supervisor ||
	    request_copy(&asked->request, question->request) < 0)
		return asked_free(prompt, asked);
	asked->question.app = asked->app;
	asked->question.supervisor = asked->supervisor;
	asked->question.request = &asked->request;
	return asked;
}

static struct member *find_member(const struct prompt_plugin *prompt,
				  const struct agent *agent)
{
	struct member *member;

	TAILQ_FOREACH (member, &prompt->members, link)
		if (member->agent == agent)
			return member;
	return NULL;
}

static void note_answer(const struct prompt_plugin *prompt,
			const struct asked *asked)
{
	struct member *const member = find_member(prompt, asked->agent);

	if (member)
		member->answered[member->answers++ % ANSWERS_MAX] = asked->id;
}

/* An answer. An id that is not open with anybody is ignored. */
static void on_decide(void *userdata, uint64_t question_id,
		      const struct decision *decision)
{
	struct prompt_plugin *prompt = userdata;
	struct asked *asked = asked_find(prompt, question_id);

	if (!asked || asked->decided)
		return;
	note_answer(prompt, asked);
	if (asked->asking) {
		asked->decided = decision_copy(&asked->decision, decision) == 0;
		return;
	}
	asked_free(prompt, asked);
	prompt->plugin.events->complete(prompt->plugin.userdata,
					&prompt->plugin, question_id,
					PLUGIN_DECIDED, decision);
}

static void on_gone(void *userdata, struct agent *agent)
{
	prompt_plugin_unsubscribe(userdata, agent);
}

static const struct agent_events prompt_agent_events = {
	.decide = on_decide,
	.gone = on_gone,
};

static enum plugin_reply put_to(struct prompt_plugin *prompt,
				struct asked *asked, struct agent *agent)
{
	struct agent *const before = asked->agent;
	int error;

	agent->events = &prompt_agent_events;
	agent->userdata = prompt;
	asked->agent = agent;
	asked->asking = true;
	error = agent_ask(agent, &asked->question);
	asked->asking = false;
	if (asked->decided)
		return PLUGIN_DECIDED;
	if (!error)
		return PLUGIN_PENDING;
	asked->agent = before;
	return PLUGIN_PASS;
}

static bool may_allow(const struct prompt_plugin *prompt,
		      const struct agent *agent, const struct asked *asked)
{
	return !prompt->may_allow ||
	       prompt->may_allow(prompt->userdata, agent, asked->id);
}

/* Puts it to the first that takes it, of those that may allow it or not. */
static enum plugin_reply put_to_those(struct prompt_plugin *prompt,
				      struct asked *asked, bool who_may)
{
	struct member *member, *next;
	enum plugin_reply verdict;

	for (member = TAILQ_FIRST(&prompt->members); member; member = next) {
		next = TAILQ_NEXT(member, link);
		if (may_allow(prompt, member->agent, asked) != who_may)
			continue;
		verdict = put_to(prompt, asked, member->agent);
		if (verdict != PLUGIN_PASS)
			return verdict;
	}
	return PLUGIN_PASS;
}

static enum plugin_reply put_to_roster(struct prompt_plugin *prompt,
				       struct asked *asked)
{
	enum plugin_reply verdict;

	if (asked->answers != ANSWERS_ANYBODY &&
	    asked->answers != ANSWERS_DESKTOP)
		return PLUGIN_PASS;
	verdict = put_to_those(prompt, asked, true);
	return verdict == PLUGIN_PASS ? put_to_those(prompt, asked, false)
				      : verdict;
}

static enum plugin_reply prompt_decide(struct plugin *plugin,
				       const struct plugin_query *query,
				       struct decision *ret)
{
	struct prompt_plugin *prompt = (struct prompt_plugin *)plugin;
	struct asked *asked = asked_new(prompt, query->question);
	enum plugin_reply verdict = PLUGIN_PASS;

	if (!asked)
		return PLUGIN_PASS;
	asked->answers = query->answers;
	if (query->own_agent && (query->answers == ANSWERS_ANYBODY ||
				 query->answers == ANSWERS_TERMINAL))
		verdict = put_to(prompt, asked, query->own_agent);
	if (verdict == PLUGIN_PASS)
		verdict = put_to_roster(prompt, asked);
	if (verdict == PLUGIN_PENDING)
		return verdict;
	if (verdict == PLUGIN_DECIDED) {
		*ret = asked->decision;
		asked->decision = (struct decision){0};
	}
	asked_free(prompt, asked);
	return verdict;
}

static void prompt_cancel(struct plugin *plugin, uint64_t question_id)
{
	struct prompt_plugin *prompt = (struct prompt_plugin *)plugin;
	struct asked *asked = asked_find(prompt, question_id);
	struct agent *agent;

	if (!asked)
		return;
	agent = asked->agent;
	asked_free(prompt, asked);
	agent_withdraw(agent, question_id);
}

static struct plugin *prompt_free(struct plugin *plugin)
{
	struct prompt_plugin *prompt = (struct prompt_plugin *)plugin;
	struct member *member;

	if (!prompt)
		return NULL;
	while (!TAILQ_EMPTY(&prompt->asked))
		asked_free(prompt, TAILQ_FIRST(&prompt->asked));
	while ((member = TAILQ_FIRST(&prompt->members))) {
		TAILQ_REMOVE(&prompt->members, member, link);
		free(member);
	}
	free(prompt);
	return NULL;
}

static const struct plugin_ops prompt_ops = {
	.name = "prompt",
	.decide = prompt_decide,
	.cancel = prompt_cancel,
	.free = prompt_free,
};

int prompt_plugin_new(struct prompt_plugin **ret)
{
	struct prompt_plugin *prompt = calloc(1, sizeof(*prompt));

	if (!prompt)
		return -ENOMEM;
	prompt->plugin.ops = &prompt_ops;
	TAILQ_INIT(&prompt->asked);
	TAILQ_INIT(&prompt->members);
	*ret = prompt;
	return 0;
}

struct plugin *prompt_plugin(struct prompt_plugin *prompt)
{
	return &prompt->plugin;
}

int prompt_plugin_subscribe(struct prompt_plugin *prompt, struct agent *agent)
{
	struct member *member = calloc(1, sizeof(*member));

	if (!member)
		return -ENOMEM;
	member->agent = agent;
	agent->events = &prompt_agent_events;
	agent->userdata = prompt;
	TAILQ_INSERT_HEAD(&prompt->members, member, link);
	prompt->members_count++;
	return 0;
}

/* What has come of putting a question to another agent. */
static void conclude(struct prompt_plugin *prompt, struct asked *asked,
		     enum plugin_reply verdict)
{
	struct decision decision = {0};
	const uint64_t id = asked->id;

	if (verdict == PLUGIN_PENDING)
		return;
	if (verdict == PLUGIN_DECIDED) {
		decision = asked->decision;
		asked->decision = (struct decision){0};
	}
	asked_free(prompt, asked);
	prompt->plugin.events->complete(prompt->plugin.userdata,
					&prompt->plugin, id, verdict,
					&decision);
	decision_finish(&decision);
}

/* Puts what an agent that has gone had open to the next one. */
static void hand_on(struct prompt_plugin *prompt, struct asked *asked)
{
	conclude(prompt, asked, put_to_roster(prompt, asked));
}

void prompt_plugin_prefer(struct prompt_plugin *prompt,
			  bool (*may_allow_fn)(void *userdata,
					       const struct agent *agent,
					       uint64_t question_id),
			  void *userdata)
{
	prompt->may_allow = may_allow_fn;
	prompt->userdata = userdata;
}

/* Takes a question from an agent for one that may allow it, if there is one. */
static void reconsider(struct prompt_plugin *prompt, struct asked *asked)
{
	struct agent *const before = asked->agent;
	enum plugin_reply verdict;

	if (asked->asking || !find_member(prompt, before) ||
	    may_allow(prompt, before, asked))
		return;
	verdict = put_to_those(prompt, asked, true);
	if (verdict == PLUGIN_PASS)
		return;
	agent_withdraw(before, asked->id);
	conclude(prompt, asked, verdict);
}

void prompt_plugin_reconsider(struct prompt_plugin *prompt)
{
	uint64_t last = 0;
	struct asked *asked, *next;

	/* Concluding one may end others: go by id. */
	do {
		next = NULL;
		TAILQ_FOREACH (asked, &prompt->asked, link)
			if (asked->id > last && (!next || asked->id < next->id))
				next = asked;
		if (next) {
			last = next->id;
			reconsider(prompt, next);
		}
	} while (next);
}

static struct asked *first_with(struct prompt_plugin *prompt,
				const struct agent *agent)
{
	struct asked *asked;

	TAILQ_FOREACH (asked, &prompt->asked, link)
		if (asked->agent == agent && !asked->asking)
			return asked;
	return NULL;
}

void prompt_plugin_unsubscribe(struct prompt_plugin *prompt,
			       struct agent *agent)
{
	struct member *const member = find_member(prompt, agent);
	struct asked *asked;

	if (member) {
		TAILQ_REMOVE(&prompt->members, member, link);
		prompt->members_count--;
		free(member);
	}
	/* Handing on completes questions, so the list is read anew. */
	while ((asked = first_with(prompt, agent)))
		hand_on(prompt, asked);
}

void prompt_plugin_postpone(struct prompt_plugin *prompt, uint64_t question_id,
			    int64_t deadline)
{
	struct asked *const asked = asked_find(prompt, question_id);

	if (asked)
		asked->question.deadline = deadline;
}

static bool has_answered(const struct member *member, uint64_t question_id)
{
	for (size_t i = 0; i < member->answers && i < ANSWERS_MAX; i++)
		if (member->answered[i] == question_id)
			return true;
	return false;
}

void prompt_plugin_tell(struct prompt_plugin *prompt, uint64_t question_id,
			const char *sentence)
{
	struct member *member;

	TAILQ_FOREACH (member, &prompt->members, link)
		if (has_answered(member, question_id)) {
			agent_tell(member->agent, sentence);
			return;
		}
}

size_t prompt_plugin_agents(const struct prompt_plugin *prompt)
{
	return prompt->members_count;
}
