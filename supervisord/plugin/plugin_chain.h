/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chain: the policy plugins in the order in which they are asked. The rules
 * come first and the prompt last, for a person is only asked what nothing else
 * decides.
 */
#pragma once

#include "plugin/backend.h"

#define CHAIN_PLUGINS_MAX 16

struct plugin_chain {
	struct plugin *plugins[CHAIN_PLUGINS_MAX]; /* owned */
	size_t count;
	const struct plugin_events *events; /* of all of them */
	void *userdata;
	const struct clock *clock; /* by which their rules expire */
};

/*
 * Appends a plugin, which is owned from then on.
 * Returns: 0, or -ENOSPC (the caller still owns it).
 */
int plugin_chain_append(struct plugin_chain *chain, struct plugin *plugin);

/* The same, before the last one. */
int plugin_chain_insert(struct plugin_chain *chain, struct plugin *plugin);

/*
 * Puts a question to the plugins.
 * @position: the first that is asked; then which one has not passed
 * Returns: its verdict, or PLUGIN_PASS (*position is chain->count).
 */
enum plugin_reply plugin_chain_decide(const struct plugin_chain *chain,
				      size_t *position,
				      const struct plugin_query *query,
				      struct decision *ret);

/*
 * Takes a question back from the plugin that has it; beyond the end none has.
 */
void plugin_chain_cancel(const struct plugin_chain *chain, size_t position,
			 uint64_t question_id);

/* Whether the question is pending with this plugin. */
bool plugin_chain_is_at(const struct plugin_chain *chain, size_t position,
			const struct plugin *plugin);

/* Frees the plugins. */
void plugin_chain_finish(struct plugin_chain *chain);
