/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rule decides one right: the way that always works. */
#pragma once

#include "core/ruleset_layout.h"

/* As ruleset_why(), for the rules that pass a filter. */
const struct rule *ruleset_why_filtered(const struct ruleset *ruleset,
					const struct object *object,
					rights_t right,
					const struct filter *filter);
