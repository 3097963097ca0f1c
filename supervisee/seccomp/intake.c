// SPDX-License-Identifier: GPL-2.0-or-later
/* Intake: see intake.h. */
#include "seccomp/intake.h"

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

bool intake_receive(struct seccomp *seccomp, unsigned int wanted)
{
	struct intake *intake = &seccomp->intake;
	/* The loop does not tell "hung up" from "readable". */
	struct pollfd polls[] = {
		{.fd = seccomp->listener, .events = POLLIN},
		{.fd = remote_fd(seccomp->remote), .events = POLLPRI},
		{.fd = wards_fd(static_layer_wards(seccomp->layer)),
		 .events = POLLIN},
	};
	union notification notification;

	do {
		const unsigned int last = intake->first + intake->count;

		if (poll(polls, ARRAY_SIZE(polls), 0) <= 0)
			break;
		if (polls[1].revents)
			remote_update(seccomp->remote);
		if (polls[1].revents || polls[2].revents)
			look(seccomp, polls[1].revents);
		if (!polls[0].revents || intake->count >= wanted)
			break;
		if (!(polls[0].revents & POLLIN))
			return false;
		if (listener_receive(seccomp->listener, &notification))
			continue;
		intake->calls[last % INTAKE_MAX] = notification.notif;
		intake->count++;
	} while (intake->count < wanted);
	return true;
}

struct seccomp_notif intake_take(struct intake *intake)
{
	const unsigned int first = intake->first;

	intake->first = (first + 1) % INTAKE_MAX;
	intake->count--;
	return intake->calls[first];
}
