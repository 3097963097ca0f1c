/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions that are put at a terminal, and what each key means. */
#include "agent/prompt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/prompt_parts.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/translate.h"

static const struct breadth breadths[] = {
	{RIGHTS_READ, N_("read and list")},
	{RIGHTS_READ | RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE,
	 N_("read, write, create and remove")},
};

rights_t prompt_missing(const struct prompt *prompt)
{
	const struct request *const request = &prompt->request;
	rights_t missing = 0;

	for (size_t i = 0; i < request->accesses_count; i++)
		missing |= request->accesses[i].missing;
	return missing;
}

const struct breadth *prompt_wider(const struct prompt *prompt)
{
	const rights_t missing = prompt_missing(prompt);

	if (!prompt->scopes.items[prompt->scope].beneath)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(breadths); i++)
		if (!(missing & ~breadths[i].rights))
			return missing == breadths[i].rights ? NULL
							     : &breadths[i];
	return NULL;
}

static int prompt_init(struct prompt *prompt, const struct question *question,
		       const struct prompt_places *places)
{
	int error;

	prompt->id = question->id;
	prompt->waiting = question->waiting;
	prompt->deadline = question->deadline;
	prompt->kept_most = question->kept_most;
	prompt->terse = question->terse;
	prompt->app = strdup(question->app ? question->app : "");
	if (!prompt->app)
		return -ENOMEM;
	error = request_copy(&prompt->request, question->request);
	if (error)
		return error;
	return scopes_init(&prompt->scopes, &prompt->request, places);
}

int prompt_new(struct prompt **ret, const struct question *question,
	       const struct prompt_places *places)
{
	struct prompt *const prompt = calloc(1, sizeof(*prompt));
	int error;

	if (!prompt)
		return -ENOMEM;
	error = prompt_init(prompt, question, places);
	if (error) {
		prompt_free(prompt);
		return error;
	}
	*ret = prompt;
	return 0;
}

struct prompt *prompt_free(struct prompt *prompt)
{
	if (!prompt)
		return NULL;
	scopes_finish(&prompt->scopes);
	request_finish(&prompt->request);
	free(prompt->app);
	free(prompt);
	return NULL;
}

uint64_t prompt_question_id(const struct prompt *prompt)
{
	return prompt->id;
}

/* Keys that are not in the table answer nothing. */
static const struct prompt_key keys[] = {
	{'o', OUTCOME_ALLOW, LIFETIME_ONCE},
	{'p', OUTCOME_ALLOW, LIFETIME_PROCESS},
	{'s', OUTCOME_ALLOW, LIFETIME_SESSION},
	{'a', OUTCOME_ALLOW, LIFETIME_ALWAYS},
	{'n', OUTCOME_DENY, LIFETIME_ALWAYS},
	{'d', OUTCOME_DENY, LIFETIME_ONCE},
};

/* Whether an answer is of the kind that nobody should give in passing. */
static bool has_to_be_confirmed(const struct prompt *prompt,
				const struct prompt_key *key)
{
	return key->lifetime == LIFETIME_ALWAYS ||
	       (key->lifetime != LIFETIME_ONCE && prompt->scope != 0);
}

int prompt_decide(const struct prompt *prompt, enum outcome outcome,
		  enum lifetime lifetime, const char *agent,
		  struct decision *ret)
{
	const char *const beneath = prompt->scopes.items[prompt->scope].beneath;
	struct decision decision = {
		.outcome = outcome,
		.lifetime = lifetime,
	};

	if (beneath && lifetime != LIFETIME_ONCE) {
		decision.beneath = strdup(beneath);
		if (!decision.beneath)
			return -ENOMEM;
		if (prompt->wide && prompt_wider(prompt))
			decision.rights = prompt_wider(prompt)->rights;
	}
	decision.port_alone = lifetime != LIFETIME_ONCE &&
			      prompt->scopes.items[prompt->scope].port_alone;
	decision.agent = strdup(agent);
	*ret = decision;
	return 0;
}

/* As long as it may be kept, where it would be for good. */
static int decide(const struct prompt *prompt, const struct prompt_key *key,
		  struct decision *ret)
{
	const bool limited = key->outcome == OUTCOME_ALLOW &&
			     key->lifetime == LIFETIME_ALWAYS &&
			     prompt->kept_most > 0;
	const int error = prompt_decide(
		prompt, key->outcome, limited ? LIFETIME_UNTIL : key->lifetime,
		"terminal", ret);

	if (!error && limited)
		ret->until = clock_wall(&clock_real) + prompt->kept_most;
	return error;
}

/* Whether a key is offered, by what the policy lets an answer be. */
static bool is_offered(const struct prompt *prompt,
		       const struct prompt_key *key)
{
	return prompt->kept_most >= 0 || key->outcome != OUTCOME_ALLOW ||
	       key->lifetime != LIFETIME_ALWAYS;
}

static enum prompt_reaction choose(struct prompt *prompt,
				   const struct prompt_key *key,
				   struct decision *ret)
{
	if (has_to_be_confirmed(prompt, key)) {
		prompt->chosen = key;
		return PROMPT_CONFIRM;
	}
	return decide(prompt, key, ret) ? PROMPT_IGNORED : PROMPT_DECIDED;
}

enum prompt_reaction prompt_key(struct prompt *prompt, char key,
				struct decision *ret)
{
	size_t i;

	if (key == '?')
		return PROMPT_EXPLAIN;
	if (key >= '1' && key < '1' + (int)prompt->scopes.count) {
		prompt->scope = (size_t)(key - '1');
		return PROMPT_SCOPE;
	}
	if (key == '+' && prompt_wider(prompt)) {
		prompt->wide = !prompt->wide;
		return PROMPT_SCOPE;
	}
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (keys[i].key == key && is_offered(prompt, &keys[i]))
			return choose(prompt, &keys[i], ret);
	}
	return PROMPT_IGNORED;
}

int prompt_confirm(const struct prompt *prompt, struct decision *ret)
{
	return decide(prompt, prompt->chosen, ret);
}

int prompt_deny(const struct prompt *prompt, struct decision *ret)
{
	static const struct prompt_key deny = {'d', OUTCOME_DENY,
					       LIFETIME_ONCE};

	return decide(prompt, &deny, ret);
}
