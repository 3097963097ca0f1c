/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rules of a policy protect: places that some rule denies, or
 * explicitly asks for.
 */
#pragma once

#include <stddef.h>

#include "core/ruleset.h"
#include "trace/suggest.h"

struct protected_places {
	const struct ruleset *ruleset; /* borrowed */
	char **items;
	size_t count, allocated;
};

/* Returns: 0 or -ENOMEM; it is to be finished in either case. */
int protected_places_init(struct protected_places *ret,
			  const struct ruleset *ruleset);
void protected_places_finish(struct protected_places *places);

enum suggest_protection
protected_places_look(const struct protected_places *places, const char *path,
		      rights_t rights);
