/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's places on disk, and what happens to them while it runs: others
 * clean up, restore backups, move directories. The kernel tells what changes in
 * the directories themselves; what is moved above them is found by a look now
 * and then.
 */
#pragma once

#include <event2/event.h>

#include "control/control_listener.h"
#include "daemon/state_place.h"

struct place_watch;

/*
 * @listener, @state: borrowed
 * @moved: control_listener_fd() is another
 * @lost: one of them cannot be had back; it has been said why
 * Returns: 0 or a negative errno.
 */
int place_watch_new(struct place_watch **ret, struct event_base *loop,
		    struct control_listener *listener,
		    struct state_place *state, void (*moved)(void *userdata),
		    void (*lost)(void *userdata), void *userdata);

/* Takes NULL; always returns NULL. */
struct place_watch *place_watch_free(struct place_watch *places);
