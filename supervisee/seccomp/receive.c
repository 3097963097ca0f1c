/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Receiving: see receive.h. */
#include "seccomp/receive.h"

#include <poll.h>

#include "base/cleanup.h"
#include "path/remote.h"
#include "path/ward.h"
#include "seccomp/listener.h"
#include "seccomp/recall/recall.h"
#include "seccomp/state.h"

/* Something above what rules refuse was moved, or something mounted. */
static void look(struct seccomp *seccomp, bool mounts)
{
	if (wards_look(static_layer_wards(seccomp->layer), mounts))
		recall_check(seccomp->recall, seccomp->layer,
			     seccomp->engine.ruleset);
}

bool receive(struct seccomp *seccomp, unsigned int wanted)
{
	struct recv_queue *recv_queue = &seccomp->recv_queue;
	/* The loop does not tell "hung up" from "readable". */
	struct pollfd polls[] = {
		{.fd = seccomp->listener, .events = POLLIN},
		{.fd = remote_fd(seccomp->remote), .events = POLLPRI},
		{.fd = wards_fd(static_layer_wards(seccomp->layer)),
		 .events = POLLIN},
	};
	union notification notification;

	do {
		if (poll(polls, ARRAY_SIZE(polls), 0) <= 0)
			break;
		if (polls[1].revents)
			remote_update(seccomp->remote);
		if (polls[1].revents || polls[2].revents)
			look(seccomp, polls[1].revents);
		if (!polls[0].revents || recv_queue->count >= wanted)
			break;
		if (!(polls[0].revents & POLLIN))
			return false;
		if (listener_receive(seccomp->listener, &notification))
			continue;
		recv_queue_put(recv_queue, &notification.notif);
	} while (recv_queue->count < wanted);
	return true;
}
