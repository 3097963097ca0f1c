/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workers: operations that may wait for somebody else (a FIFO without a
 * reader, a slow connection) leave the loop for a thread of their own, so that
 * nobody else waits with them.
 */
#pragma once

#include <signal.h>

#include <event2/event.h>
#include <stdint.h>

#define WORKER_SIGNAL SIGURG /* makes a blocking call return */

struct workers;

/*
 * @done: called in the loop when a step has run, with what it returned
 */
int workers_new(struct workers **ret, struct event_base *loop,
		void (*done)(void *job, int result, void *userdata),
		void *userdata);

/* All work must have ended. Takes NULL. */
struct workers *workers_free(struct workers *workers);

/* Runs a step in a thread. Returns: 0 or a negative errno. */
int workers_run(struct workers *workers, int (*step)(void *job), void *job);

/*
 * Interrupts the steps whose job nobody waits for any more (their blocking
 * call ends with EINTR).
 */
void workers_interrupt(struct workers *workers,
		       int (*unwanted)(void *job, void *userdata));

/* How many steps run. */
unsigned int workers_count(const struct workers *workers);
