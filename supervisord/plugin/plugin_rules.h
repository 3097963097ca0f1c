/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules as a policy plugin: a question that the engine found undecided may
 * be decided by a generation that was committed since.
 */
#pragma once

#include "plugin/backend.h"

/* Returns: the plugin, NULL when memory is short. */
struct plugin *rules_plugin_new(void);

/*
 * Whether a ruleset leaves nothing of a request to be asked: every right is
 * allowed, or one is denied.
 * @process: who asks
 */
bool rules_decide(const struct ruleset *ruleset, const struct request *request,
		  struct process_id process);
