/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's places on disk, and what happens to them while it runs: others
 * clean up, restore backups, move directories. The kernel tells what changes in
 * the directories themselves; what is moved above them is found by a look now
 * and then.
 */
#pragma once

#include <event2/event.h>

#include "control/listener.h"
#include "daemon/state_place.h"

struct places;

/*
 * @listener, @state: borrowed
 * @moved: listener_fd() is another
 * @lost: one of them cannot be had back; it has been said why
 * Returns: 0 or a negative errno.
 */
int places_watch(struct places **ret, struct event_base *loop,
		 struct listener *listener, struct state_place *state,
		 void (*moved)(void *userdata), void (*lost)(void *userdata),
		 void *userdata);

/* Takes NULL; always returns NULL. */
struct places *places_free(struct places *places);
