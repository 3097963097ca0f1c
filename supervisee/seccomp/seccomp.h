/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The seccomp engine: traps of one supervised tree, from notification to
 * reply.
 *
 *	notification -> gather -> resolve -> judge
 *		-> native | perform | refuse
 *		-> ask the decider -> commit -> judge again
 *
 * There is exactly one place that answers the kernel for each outcome, and
 * every path ends in one of them.
 */
#pragma once

#include <event2/event.h>
#include <sys/types.h>

#include "core/decider.h"
#include "landlock/layer.h"

struct engine;

/* Called when no process of the tree is left. */
typedef void (*engine_ended_fn)(void *userdata);

/*
 * Makes an engine without a tree; it takes commits from now on.
 */
int engine_new(struct engine **ret, struct event_base *loop,
	       engine_ended_fn ended, void *userdata);

/* What the decider calls; the engine itself is the argument. */
extern const struct decider_events engine_events;

/* The ruleset in force, NULL before the first commit; borrowed. */
const struct ruleset *engine_ruleset(const struct engine *engine);

/*
 * Tells which capabilities have been taken from the tree, and from the calling
 * process but for @kept; before engine_start(). Returns: 0 or a negative errno.
 */
int engine_bound(struct engine *engine, uint64_t taken, uint64_t kept);

/*
 * Starts to serve a tree.
 * @decider: borrowed
 * @layer: borrowed
 * @listener: taken over
 */
int engine_start(struct engine *engine, struct decider *decider,
		 struct static_layer *layer, int listener);

/*
 * Keeps the tree away from the socket of those who decide: a connection to it
 * fails with EDEADLK, whatever the rules say.
 */
int engine_protect(struct engine *engine, const char *control_socket);

/*
 * Tells that the tree may have, or be handed, sockets that it has not made and
 * that can send to any address.
 */
void engine_expect_datagrams(struct engine *engine);

/* Tells of a state change that waitpid(2) reported; see stage_handle(). */
int engine_handle_child(struct engine *engine, pid_t pid, int status);

/* Denies everything that waits, closes the listener. Takes NULL. */
struct engine *engine_free(struct engine *engine);
