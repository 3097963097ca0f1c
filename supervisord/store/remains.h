/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What remains of grants in force where nobody decides: whatever the store says
 * now, they can only become less. What it allows anew waits for who decides.
 */
#pragma once

#include <stdbool.h>

#include "core/rulebook.h"

/* What the store said. */
struct remains {
	const struct rulebook *now;
	/*
	 * At an earlier look; NULL: there was none. Only what was there can
	 * have been taken back.
	 */
	const struct rulebook *before;
	bool refuses; /* what it refuses anew counts */
};

/*
 * Allowed is what the store still allows, whatever its name there. A refusal
 * goes when the store has had it and has it no more.
 * @held, @version: rules in force
 * @ret: what remains of them, owned; NULL: all of it
 * Returns: 0 or -ENOMEM.
 */
int remains_of(const struct remains *store, const struct rulebook *held,
	       uint64_t version, struct rulebook **ret);
