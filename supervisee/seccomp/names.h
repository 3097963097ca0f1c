/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names: what the objects of a trap are called besides, by rules that refuse
 * something (see path/ward.h). A trap is judged by all of them.
 */
#pragma once

#include <stdbool.h>

#include "operation/trap.h"
#include "path/ward.h"

/* Whether a trap may be about a ward itself: then its names matter always. */
bool names_suspected(const struct wards *wards, const struct trap *trap);

/*
 * Finds them, once. Where they cannot be known, the trap becomes impossible.
 * Returns: whether it has to be judged again.
 */
bool names_find(struct wards *wards, struct trap *trap);
