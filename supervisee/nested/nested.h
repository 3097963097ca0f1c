/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nested engine: of a supervisor that is itself supervised. The outer one
 * serves the traps; here they are judged, by rules and agents of our own, and
 * only ever more strictly (see nest.h).
 */
#pragma once

#include <event2/event.h>

#include "core/decider.h"
#include "landlock/layer.h"

struct nested;

/*
 * Looks for a supervisor of the tree that we are in.
 * Returns: a channel to it (O_CLOEXEC), -ENOENT when nobody supervises us.
 */
int nested_connect(void);

/* @ended: called when the outer supervisor has gone */
int nested_new(struct nested **ret, struct event_base *loop, int channel,
	       void (*ended)(void *userdata), void *userdata);

/* What the decider calls; the nested engine itself is the argument. */
extern const struct decider_events nested_events;

const struct ruleset *nested_ruleset(const struct nested *nested);

/* Starts to judge. Both are borrowed. */
int nested_start(struct nested *nested, struct decider *decider,
		 struct static_layer *layer);

/*
 * What waitpid(2) said of a process: as seccomp_handle_child().
 */
int nested_handle_child(struct nested *nested, pid_t pid, int status);

struct nested *nested_free(struct nested *nested);
