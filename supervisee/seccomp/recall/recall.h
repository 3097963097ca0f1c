/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recall: the marker (see seccomp/marker.h) is taken back from a tree, because
 * the kernel would allow by itself what the policy does not any more.
 *
 * A filter is a thread's own and for ever, and only a thread of the same
 * process can put one above it. So the whole tree is held (see herd.h), and in
 * each process a thread that stands at a system call is borrowed (see borrow.h)
 * to install, for all threads of its process at once, a filter that fails
 * marked calls with EACCES. Where that is not possible, as threads have
 * filters of their own, each is borrowed.
 *
 * Nothing that the program can forge is believed. The filter lies in a page
 * that was mapped just for it, that the program may not write, while nobody
 * runs, and is read back afterwards. That it is in force the kernel says, who
 * counts each thread's filters: there must be one more than before. A process
 * for which that is not so is killed, and the reason is said: a revoked grant
 * is gone, whatever it takes.
 *
 * A thread that could not be held yet can make no system call before it is.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <sys/types.h>

#include "landlock/layer.h"

struct recall;

/* @monitor: whose descendants the tree is. Returns: 0 or a negative errno. */
int recall_new(struct recall **ret, struct event_base *loop, pid_t monitor);

/* Takes NULL. */
struct recall *recall_free(struct recall *recall);

/*
 * Tells a layer of a new policy. When the layer allows more than that, the
 * marker is taken back, once, before this returns, but for threads that cannot
 * be held: what follows comes with their states.
 */
void recall_check(struct recall *recall, struct static_layer *layer,
		  const struct ruleset *policy);

/*
 * Handles what waitpid(2) said of a thread.
 * Returns: whether that was for the recall.
 */
bool recall_handle(struct recall *recall, pid_t tid, int status);

/*
 * Takes over a thread that was traced for another reason and is about to be let
 * go, in a stop. Returns: whether it did; else the caller lets it go.
 */
bool recall_adopt(struct recall *recall, pid_t tid);
