/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workers: operations that may wait for somebody else (a FIFO without a
 * reader, a slow connection) leave the loop for a thread of their own, so that
 * nobody else waits with them.
 *
 * One that blocks for ever keeps its thread for ever, as the target would its
 * own natively; a queue behind a fixed number of them could so be stopped by
 * whoever fills it. Instead each process may have at most as many as are left
 * for the others: half of all, then a third each, and so on. Somebody new
 * always finds one, and who has too many is refused.
 */
#pragma once

#include <signal.h>

#include <event2/event.h>
#include <stdint.h>
#include <sys/types.h>

#define WORKERS_MAX 4096
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

/*
 * Runs a step in a thread; when none can be started, later, or ends it with
 * the error after a few seconds.
 * @owner: the process that is charged
 * Returns: 0; -ENOMEM when the owner has as many as it may. @done has not been
 * called, but for an earlier step.
 */
int workers_run(struct workers *workers, int (*step)(void *job), void *job,
		pid_t owner);

/* Starts what waits for a thread, if there are some again. */
void workers_retry(struct workers *workers);

/*
 * Interrupts the steps whose job nobody waits for any more (their blocking
 * call ends with EINTR).
 */
void workers_interrupt(struct workers *workers,
		       int (*unwanted)(void *job, void *userdata));

/* How many steps run. */
unsigned int workers_count(const struct workers *workers);
