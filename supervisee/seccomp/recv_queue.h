/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The receive queue: calls that the kernel has handed to us and that are not
 * served yet.
 *
 * Until a call has been received any signal with a handler interrupts it, also
 * one that natively never is; afterwards only a fatal one does. So all are
 * received before anything is done that takes longer than a fast lookup, or a
 * look at registers.
 */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>

#define RECV_QUEUE_MAX 128

struct seccomp;

struct recv_queue {
	struct seccomp_notif calls[RECV_QUEUE_MAX]; /* a ring */
	unsigned int first, count;
};

/*
 * Receives what there is, at most until @wanted calls are not served. Never
 * waits. The engine's remote file systems are up to date afterwards.
 * Returns: whether there will be more, ever.
 */
bool recv_queue_fill(struct seccomp *seccomp, unsigned int wanted);

/* Takes the oldest call out; there is one. */
struct seccomp_notif recv_queue_take(struct recv_queue *recv_queue);
