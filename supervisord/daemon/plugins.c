/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy plugins that landlordd was told to ask.
 */
#include "daemon/plugins.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "plugin/plugin_exec.h"
#include "plugin/plugin_shared.h"
#include "policy/path_chain.h"

static int open_one(struct supervisor *supervisor,
		    const struct plugin_option *option)
{
	_cleanup_free_ char *sentence = NULL;
	struct plugin *plugin;
	int error;

	if (option->exec)
		error = exec_plugin_new(&plugin, supervisor->registry.loop,
					option->argument, &sentence);
	else
		error = shared_plugin_new(&plugin, supervisor->registry.loop,
					  option->argument, &sentence);
	if (!error) {
		error = supervisor_add_plugin(supervisor, plugin);
		if (error)
			plugin->ops->free(plugin);
	}
	if (error)
		log_error("%s: %s", option->argument,
			  sentence ? sentence : "cannot be used as a plugin");
	/* What decides is not written by who is decided about. */
	return error ? error : path_chain_add_own(option->argument);
}

int plugins_open(struct supervisor *supervisor,
		 const struct daemon_options *options)
{
	int error = 0;

	for (int i = 0; !error && i < options->plugins_count; i++)
		error = open_one(supervisor, &options->plugins[i]);
	return error;
}
