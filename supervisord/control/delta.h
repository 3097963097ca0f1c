/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deltas: how the rules of a domain go from the daemon to its monitor, and come
 * back to the next daemon, however many there are.
 *
 * The monitor has a book for each of the daemon's (enum domain_book), and is
 * told what has come and gone since the last commit, in pieces that each fit
 * into a message. Nobody judges by them before the commit: a ruleset sees its
 * books as they were when it was made.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "core/ruleset.h"
#include "supervision/domain.h"

/*
 * Sends what makes the monitor's books those of a ruleset.
 * @told: the ruleset whose books it has; NULL: none
 * Returns: 0, or a negative errno: it is unknown what it has.
 */
int delta_send(sd_bus *bus, const struct ruleset *told,
	       const struct ruleset *ruleset);

/* The books of a monitor. */
struct followed {
	struct rulebook *books[DOMAIN_BOOKS];
	int error; /* of what was sent since the last commit */
};

/* Returns: 0 or -ENOMEM; to be finished in either case. */
int followed_init(struct followed *followed);
void followed_finish(struct followed *followed);

/* Reads one piece of delta_send(). A failure is kept for the commit. */
void followed_read(struct followed *followed, sd_bus_message *m);

/*
 * Sends rules in pieces, before a registration.
 * @method: makes a call of the method for that; returns a negative errno
 * Returns: 0, or a negative errno.
 */
int delta_hand_over(sd_bus *bus, const struct rulebook *book, uint64_t version,
		    int (*method)(sd_bus *bus, sd_bus_message **ret));
