/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy plugins in the order in which they are asked.
 */
#include "plugin/plugin_chain.h"

#include <errno.h>
#include <stdio.h>

enum plugin_reply plugin_refuse(struct decision *ret, const char *name)
{
	*ret = (struct decision){.outcome = OUTCOME_DENY};
	if (asprintf(&ret->agent, "%s (failed)", name) < 0)
		ret->agent = NULL;
	return PLUGIN_DECIDED;
}

int plugin_chain_append(struct plugin_chain *chain, struct plugin *plugin)
{
	if (chain->count == CHAIN_PLUGINS_MAX)
		return -ENOSPC;
	plugin->events = chain->events;
	plugin->userdata = chain->userdata;
	plugin->clock = chain->clock;
	chain->plugins[chain->count++] = plugin;
	return 0;
}

int plugin_chain_insert(struct plugin_chain *chain, struct plugin *plugin)
{
	const size_t last = chain->count - 1;
	const int error = plugin_chain_append(chain, plugin);

	if (error)
		return error;
	chain->plugins[last + 1] = chain->plugins[last];
	chain->plugins[last] = plugin;
	return 0;
}

enum plugin_reply plugin_chain_decide(const struct plugin_chain *chain,
				      size_t *position,
				      const struct plugin_query *query,
				      struct decision *ret)
{
	for (; *position < chain->count; ++*position) {
		struct plugin *const plugin = chain->plugins[*position];
		const enum plugin_reply verdict =
			plugin->ops->decide(plugin, query, ret);

		if (verdict != PLUGIN_PASS)
			return verdict;
	}
	return PLUGIN_PASS;
}

void plugin_chain_cancel(const struct plugin_chain *chain, size_t position,
			 uint64_t question_id)
{
	struct plugin *plugin;

	if (position >= chain->count)
		return;
	plugin = chain->plugins[position];
	plugin->ops->cancel(plugin, question_id);
}

bool plugin_chain_is_at(const struct plugin_chain *chain, size_t position,
			const struct plugin *plugin)
{
	return position < chain->count && chain->plugins[position] == plugin;
}

void plugin_chain_finish(struct plugin_chain *chain)
{
	while (chain->count > 0) {
		struct plugin *const plugin = chain->plugins[--chain->count];

		plugin->ops->free(plugin);
	}
}
