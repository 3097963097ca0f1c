/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recall: the marker (see seccomp/marker.h) is taken back from a tree, because
 * the kernel would allow by itself what the policy does not any more.
 *
 * A filter is a thread's own and for ever, and only the thread itself can put
 * one above it. So each thread is seized; at its next system call, before any
 * filter has looked at it, it is made to call seccomp(2) first. A filter that
 * fails marked calls with EACCES is then above the other one, and what the
 * thread was about to do follows. Until then it can do nothing with the
 * kernel, and what it creates is seized from its first instruction. A thread
 * for which that is not possible, since another tracer has it or its stack is
 * not there, is killed: a revoked grant is gone, whatever it takes.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <sys/types.h>

#include "static/layer.h"

struct recall;

/* @monitor: whose descendants the tree is. Returns: 0 or a negative errno. */
int recall_new(struct recall **ret, struct event_base *loop, pid_t monitor);

/* Takes NULL. */
struct recall *recall_free(struct recall *recall);

/*
 * Tells a layer of a new policy. Begins, once, when the layer allows more than
 * that; what follows comes with states of threads.
 */
void recall_check(struct recall *recall, struct static_layer *layer,
		  const struct ruleset *policy);

/*
 * Handles what waitpid(2) said of a thread.
 * Returns: whether that was for the recall.
 */
bool recall_handle(struct recall *recall, pid_t tid, int status);
