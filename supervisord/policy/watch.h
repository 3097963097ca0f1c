/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watches the files of a policy and calls back when one has changed.
 *
 * Changes are coalesced: editors write a new file and rename it, package
 * managers touch many. Directories that do not exist yet are waited for.
 */
#pragma once

#include <event2/event.h>

#include "base/cleanup.h"
#include "policy/policy.h"

struct policy_watch;

/*
 * Starts to watch.
 * @changed: called from the loop, some 100 ms after a burst of changes ended,
 *           and at most once a second while it goes on; may free the watch
 * Returns: 0, or a negative errno.
 */
int policy_watch_new(struct policy_watch **ret, struct event_base *loop,
		     const char *app, const struct policy_options *options,
		     void (*changed)(void *userdata), void *userdata);

/* Takes NULL; always returns NULL. */
struct policy_watch *policy_watch_free(struct policy_watch *watch);
DEFINE_CLEANUP(struct policy_watch *, policy_watch_free);
