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
	_cleanup_free_ char *error = NULL;
	struct plugin *plugin;
	int r;

	if (option->exec)
		r = exec_plugin_new(&plugin, supervisor->registry.loop,
				    option->argument, &error);
	else
		r = shared_plugin_new(&plugin, supervisor->registry.loop,
				      option->argument, &error);
	if (r == 0) {
		r = supervisor_add_plugin(supervisor, plugin);
		if (r < 0)
			plugin->ops->free(plugin);
	}
	if (r < 0)
		log_error("%s: %s", option->argument,
			  error ? error : "cannot be used as a plugin");
	/* What decides is not written by who is decided about. */
	return r < 0 ? r : path_chain_add_own(option->argument);
}

int plugins_open(struct supervisor *supervisor,
		 const struct daemon_options *options)
{
	int r = 0;

	for (int i = 0; r == 0 && i < options->plugins_count; i++)
		r = open_one(supervisor, &options->plugins[i]);
	return r;
}
