/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two sets of rules decide differently.
 */
#pragma once

#include "core/ruleset.h"

/* Rights to one object, that were one thing and are another. */
struct policy_difference {
	const struct object *object;
	bool beneath; /* it, and what is beneath it */
	rights_t rights;
	enum effect was, now;
	/* What decides for the first of them; NULL: no rule mentions it. */
	const struct rule *was_by, *now_by;
};

typedef int (*policy_difference_fn)(void *userdata,
				    const struct policy_difference *difference);

/*
 * Calls back for every difference, in the order of objects as text. What is
 * different beneath a directory is told of it, and not again of what rules name
 * there. Those that are equal to no other object are found as well: see
 * policy_probe.h.
 * Returns: 0, what the callback returned, or -ENOMEM.
 */
int policy_difference_each(const struct rules *was, const struct rules *now,
			   policy_difference_fn callback, void *userdata);
