/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy plugins in shared objects; see plugin.h for their side of it.
 */
#pragma once

#include <event2/event.h>

#include "plugin/backend.h"

/*
 * Loads a plugin. The file must belong to this user or root and be writable by
 * nobody else.
 * @ret_sentence: on failure a sentence (free(3)), may be NULL
 * Returns: 0, or a negative errno.
 */
int shared_plugin_new(struct plugin **ret, struct event_base *loop,
		      const char *path, char **ret_sentence);
