/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nests: domains inside this tree, each with a supervisor of its own that is
 * itself supervised here.
 *
 * A tree has one seccomp listener, so a nested `landlord run` cannot have its
 * own: it connects to NEST_ADDRESS (nest_address.h), and from then on what its
 * programs ask for is put to it first and judged here only if it agrees, as in
 * Landlock, where every layer must allow. It can only take away. Who waits for
 * whom follows the tree: a nest's supervisor lies outside the nest and inside
 * this tree.
 *
 * A process is in a nest when it descends from the nest's monitor. When
 * a nest's supervisor is gone its processes are killed, and what they still
 * ask for is denied; they are known by the filter that marks them, wherever
 * the kernel has reparented them.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <sys/types.h>

#include "operation/notif.h"
#include "seccomp/action.h"

struct job;
struct nests;

/* What a nested supervisor says of a job: an action, or with -errno that the
 * call fails. */
typedef void (*nest_answered_fn)(struct job *job, enum action action,
				 int error);

int nests_new(struct nests **ret, struct event_base *loop, pid_t monitor,
	      nest_answered_fn answered);
struct nests *nests_free(struct nests *nests);

/* Whether there are or were any. */
bool nests_matter(const struct nests *nests);

/*
 * Makes the nest of the process that asks.
 * @ret_fd: its end of the channel, owned by the caller
 */
int nests_add(struct nests *nests, pid_t tid, int *ret_fd);

/*
 * How many have ended so far: who asks them one after the other must see no
 * change in between, or it would leave one out.
 */
unsigned int nests_gone(const struct nests *nests);

/*
 * Whether a process is on its way to become the program of a nested supervisor:
 * what it takes upon itself is that supervisor's.
 */
bool nests_starts(struct nests *nests, pid_t tid);

/* The supervisor of the youngest nest that a thread is in, else the tree's. */
pid_t nests_domain(struct nests *nests, pid_t tid);

/*
 * Puts a call to the youngest nest that its thread is in and that has not
 * answered yet.
 * @level: how many nests have answered already
 * Returns: 1 when it was put (life_nest_answered() follows), 0 when no nest is
 * left, or a negative errno: deny.
 */
int nests_ask(struct nests *nests, const struct notif *notif,
	      unsigned int level, struct job *job);

/* The job has gone. */
void nests_forget(struct nests *nests, struct job *job);
