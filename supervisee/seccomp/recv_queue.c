/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The receive queue: see recv_queue.h. */
#include "seccomp/recv_queue.h"

void recv_queue_put(struct recv_queue *recv_queue,
		    const struct seccomp_notif *call)
{
	const unsigned int last = recv_queue->first + recv_queue->count;

	recv_queue->calls[last % RECV_QUEUE_MAX] = *call;
	recv_queue->count++;
}

struct seccomp_notif recv_queue_take(struct recv_queue *recv_queue)
{
	const unsigned int first = recv_queue->first;

	recv_queue->first = (first + 1) % RECV_QUEUE_MAX;
	recv_queue->count--;
	return recv_queue->calls[first];
}
