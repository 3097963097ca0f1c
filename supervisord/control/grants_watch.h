/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looks after the grants of an app while there is no daemon to do so: what is
 * taken back meanwhile is taken from the running program, too.
 */
#pragma once

#include <event2/event.h>

#include "base/clock.h"
#include "core/ruleset.h"

struct grants_watch;

/*
 * @clock: borrowed
 * @grants_dir: where they are kept; borrowed
 * @changed: from the loop, when the grants are worth another look
 * Returns: 0 or -ENOMEM.
 */
int grants_watch_new(struct grants_watch **ret, struct event_base *loop,
		     const struct clock *clock, const char *grants_dir,
		     const char *app, void (*changed)(void *userdata),
		     void *userdata);

/* Takes NULL; always returns NULL. */
struct grants_watch *grants_watch_free(struct grants_watch *watch);

/*
 * Looks at the grants, and at what is in force of them.
 * @ruleset: of the books of a domain, and more
 * @ret: less than that, owned; with the generation that follows
 * @now: seconds since the epoch
 * Returns: 1; 0: all of it remains; or a negative errno: it is unknown, and
 * what holds stays.
 */
int grants_watch_look(struct grants_watch *watch, const struct ruleset *ruleset,
		      int64_t now, struct ruleset **ret);
