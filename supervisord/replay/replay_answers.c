/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/replay_answers.h"

#include <stdlib.h>

static enum plugin_reply answers_decide(struct plugin *plugin,
					const struct plugin_query *query,
					struct decision *ret)
{
	(void)plugin;
	(void)query;
	(void)ret;
	return PLUGIN_PENDING;
}

static void answers_cancel(struct plugin *plugin, uint64_t question_id)
{
	/* Nothing is known of it here. */
	(void)plugin;
	(void)question_id;
}

static struct plugin *answers_free(struct plugin *plugin)
{
	free(plugin);
	return NULL;
}

static const struct plugin_ops answers_ops = {
	.name = "replay",
	.decide = answers_decide,
	.cancel = answers_cancel,
	.free = answers_free,
};

struct plugin *replay_answers_new(void)
{
	struct plugin *plugin = calloc(1, sizeof(*plugin));

	if (plugin)
		plugin->ops = &answers_ops;
	return plugin;
}

void replay_answers_give(struct plugin *plugin, uint64_t question_id,
			 const struct decision *decision)
{
	plugin->events->complete(plugin->userdata, plugin, question_id,
				 PLUGIN_DECIDED, decision);
}
