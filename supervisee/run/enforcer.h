/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What enforces the rules in the tree of a run: an engine of its own or, where
 * this program is supervised itself, the engine of the supervisor above, which
 * asks us (see nested/nested.h).
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "nested/nested.h"
#include "seccomp/seccomp.h"

/* One of both. */
struct enforcer {
	struct seccomp *engine;
	struct nested *nested;
};

/*
 * @ended: no process of the tree is left; only an engine of our own knows
 * @lost: the supervisor above is gone, and every access with it
 * Returns: 0 or a negative errno.
 */
int enforcer_init(struct enforcer *ret, struct event_base *loop,
		  void (*ended)(void *userdata), void (*lost)(void *userdata),
		  void *userdata);

/* What the decider calls, and with what. */
const struct decider_events *enforcer_events(const struct enforcer *enforcer);
void *enforcer_argument(const struct enforcer *enforcer);

/* The ruleset in force, borrowed. */
const struct ruleset *enforcer_ruleset(const struct enforcer *enforcer);

/* See seccomp_bound(). */
int enforcer_bound(struct enforcer *enforcer, uint64_t taken, uint64_t kept);

/*
 * Starts to serve a tree.
 * @decider: borrowed
 * @layer: borrowed
 * @listener: taken over by an engine of our own; else there is none
 */
int enforcer_start(struct enforcer *enforcer, struct decider *decider,
		   struct static_layer *layer, int listener);

/*
 * Tells of a state change that waitpid(2) reported.
 * Returns: whether the process was one of the enforcer's own.
 */
bool enforcer_handle_child(struct enforcer *enforcer, pid_t pid, int status);

/* Denies everything that waits. */
void enforcer_finish(struct enforcer *enforcer);
