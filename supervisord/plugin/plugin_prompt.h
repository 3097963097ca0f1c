/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The prompt: the policy plugin that asks agents.
 *
 * A question is put to one agent at a time: to the domain's own when it has
 * one, else to the one that subscribed last. When an agent goes away, its open
 * questions go to the next. A domain's own agent is never handed the questions
 * of another domain.
 */
#pragma once

#include <stdbool.h>

#include "plugin/backend.h"

struct prompt_plugin;

/* Returns: 0 or -ENOMEM. */
int prompt_plugin_new(struct prompt_plugin **ret);

/* The plugin; owned by the prompt's user, freed by plugin->ops->free. */
struct plugin *prompt_plugin(struct prompt_plugin *prompt);

/*
 * Adds an agent for everybody's questions; borrowed until
 * prompt_plugin_unsubscribe(). Returns: 0 or -ENOMEM.
 */
int prompt_plugin_subscribe(struct prompt_plugin *prompt, struct agent *agent);

/*
 * Whom to prefer: an agent whose allowing answer counts for a question. The
 * others are asked only when there is no such one.
 * @may_allow: borrowed
 */
void prompt_plugin_prefer(struct prompt_plugin *prompt,
			  bool (*may_allow)(void *userdata,
					    const struct agent *agent,
					    uint64_t question_id),
			  void *userdata);

/* Puts the questions of agents that may not allow what they are asked to one
 * that may. */
void prompt_plugin_reconsider(struct prompt_plugin *prompt);

/*
 * Forgets an agent (subscribed or a domain's own); what it had open is put to
 * the next one, or passed. Its operations are not called any more.
 */
void prompt_plugin_unsubscribe(struct prompt_plugin *prompt,
			       struct agent *agent);

/* A question has another deadline by now, for whom it is put to next. */
void prompt_plugin_postpone(struct prompt_plugin *prompt, uint64_t question_id,
			    int64_t deadline);

/*
 * Tells the agent that has answered a question lately, unless it is a domain's
 * own, what became of the answer.
 */
void prompt_plugin_tell(struct prompt_plugin *prompt, uint64_t question_id,
			const char *sentence);

/* How many agents have subscribed. */
size_t prompt_plugin_agents(const struct prompt_plugin *prompt);
