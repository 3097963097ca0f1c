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

struct seccomp;

/* Called when no process of the tree is left. */
typedef void (*engine_ended_fn)(void *userdata);

/*
 * Makes an engine without a tree; it takes commits from now on.
 */
int seccomp_new(struct seccomp **ret, struct event_base *loop,
		engine_ended_fn ended, void *userdata);

/* What the decider calls; the engine itself is the argument. */
extern const struct decider_events seccomp_events;

/* The ruleset in force, NULL before the first commit; borrowed. */
const struct ruleset *seccomp_ruleset(const struct seccomp *seccomp);

/*
 * Tells which capabilities have been taken from the tree, and from the calling
 * process but for @kept; before seccomp_start(). Returns: 0 or a negative
 * errno.
 */
int seccomp_bound(struct seccomp *seccomp, uint64_t taken, uint64_t kept);

/*
 * Starts to serve a tree.
 * @decider: borrowed
 * @layer: borrowed
 * @listener: taken over
 */
int seccomp_start(struct seccomp *seccomp, struct decider *decider,
		  struct static_layer *layer, int listener);

/*
 * Keeps the tree away from the socket of those who decide: a connection to it
 * fails with EDEADLK, whatever the rules say.
 */
int seccomp_protect(struct seccomp *seccomp, const char *control_socket);

/*
 * Tells that the tree may have, or be handed, sockets that it has not made and
 * that can send to any address.
 */
void seccomp_expect_datagrams(struct seccomp *seccomp);

/* Tells of a state change that waitpid(2) reported; see stage_handle(). */
int seccomp_handle_child(struct seccomp *seccomp, pid_t pid, int status);

/* Denies everything that waits, closes the listener. Takes NULL. */
struct seccomp *seccomp_free(struct seccomp *seccomp);
