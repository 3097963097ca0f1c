/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The receive queue: calls that the kernel has handed to us and that are not
 * served yet, a ring of them.
 */
#pragma once

#include <linux/seccomp.h>

#define RECV_QUEUE_MAX 128

struct recv_queue {
	struct seccomp_notif calls[RECV_QUEUE_MAX];
	unsigned int first, count;
};

/* Puts a call at the end; there is room for it. */
void recv_queue_put(struct recv_queue *recv_queue,
		    const struct seccomp_notif *call);

/* Takes the oldest call out; there is one. */
struct seccomp_notif recv_queue_take(struct recv_queue *recv_queue);
