/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of a domain as its monitor has them: the daemon's books, which
 * follow what it stages, and one of its own, which protects the monitor itself.
 * What this process believes, the daemon knows nothing of.
 */
#pragma once

#include "control/delta.h"

struct bus_rules {
	struct followed followed;
	struct rules own;
	struct rulebook *own_book;
	struct ruleset *committed; /* in force; NULL before the first commit */
};

/* @rules: zeroed. Returns: 0 or -ENOMEM; to be finished in either case. */
int bus_rules_init(struct bus_rules *rules);
void bus_rules_finish(struct bus_rules *rules);

/*
 * Makes a generation of what was staged.
 * @now: seconds since the epoch
 * Returns: 0, or a negative errno, also of what could not be staged.
 */
int bus_rules_generation(struct bus_rules *rules, uint64_t generation,
			 int64_t now, struct ruleset **ret);

/* That is in force now. */
void bus_rules_take(struct bus_rules *rules, struct ruleset *ruleset);
