/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules as a policy plugin.
 */
#include "plugin/plugin_rules.h"

#include <stdlib.h>

bool rules_decide(const struct ruleset *ruleset, const struct request *request,
		  struct process_id process)
{
	bool asked = false;

	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		const struct judgement judgement = ruleset_judge(
			ruleset, &access->object, access->missing, process);

		if (judgement.denied)
			return true;
		asked |= judgement.asked != 0;
	}
	return !asked;
}

static enum plugin_reply rules_verdict(struct plugin *plugin,
				       const struct plugin_query *query,
				       struct decision *ret)
{
	const struct request *request = query->question->request;

	(void)plugin;
	(void)ret;
	if (query->ruleset && rules_decide(query->ruleset, request,
					   subject_process(&request->subject)))
		return PLUGIN_RETRY;
	return PLUGIN_PASS;
}

static void rules_cancel(struct plugin *plugin, uint64_t question_id)
{
	/* Nothing is ever pending here. */
	(void)plugin;
	(void)question_id;
}

static struct plugin *rules_free(struct plugin *plugin)
{
	free(plugin);
	return NULL;
}

static const struct plugin_ops rules_ops = {
	.name = "rules",
	.decide = rules_verdict,
	.cancel = rules_cancel,
	.free = rules_free,
};

struct plugin *rules_plugin_new(void)
{
	struct plugin *plugin = calloc(1, sizeof(*plugin));

	if (plugin)
		plugin->ops = &rules_ops;
	return plugin;
}
