/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watches the files of policies and calls back when one has changed.
 *
 * Changes are coalesced: editors write a new file and rename it, package
 * managers touch many. Directories that do not exist yet are waited for.
 *
 * The kernel tells of changes through one instance of inotify for all watches
 * of a watcher. Where the user has no instance or watch left, the files are
 * looked at every POLICY_WATCH_POLL_MS instead, until there is one again: a
 * change is then followed later, but never missed.
 */
#pragma once

#include <event2/event.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "policy/policy.h"

#define POLICY_WATCH_POLL_MS 2000

struct policy_watcher;
struct policy_watch;

/* What the watches of one loop share. @clock: borrowed. Returns: 0 or -ENOMEM. */
int policy_watcher_new(struct policy_watcher **ret, struct event_base *loop,
		       const struct clock *clock);

/* Its watches must have been freed. Takes NULL; always returns NULL. */
struct policy_watcher *policy_watcher_free(struct policy_watcher *watcher);
DEFINE_CLEANUP(struct policy_watcher *, policy_watcher_free);

/*
 * Starts to watch the policy of an app.
 * @changed: called from the loop, some 100 ms after a burst of changes ended,
 *           and at most once a second while it goes on; may free the watch
 * Returns: 0 or -ENOMEM.
 */
int policy_watch_new(struct policy_watch **ret, struct policy_watcher *watcher,
		     const char *app, const struct policy_options *options,
		     void (*changed)(void *userdata), void *userdata);

/* Takes NULL; always returns NULL. */
struct policy_watch *policy_watch_free(struct policy_watch *watch);
DEFINE_CLEANUP(struct policy_watch *, policy_watch_free);

/* Whether the kernel tells of its changes, or the files are looked at. */
bool policy_watch_is_told(const struct policy_watch *watch);
