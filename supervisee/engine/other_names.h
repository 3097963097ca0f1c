/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other names by which rules that refuse something know the objects of accesses
 * (see path/ward.h). An object is judged by all of its names.
 */
#pragma once

#include <stdbool.h>

#include "engine/accesses.h"
#include "path/ward.h"

/*
 * Whether one may be about a ward itself, or about a directory beneath which
 * something may have to stay: then it has to be known always.
 */
bool other_names_suspected(const struct wards *wards,
			   const struct accesses *accesses);

/*
 * Finds them, and what has to stay, once. Where they cannot be known, nobody can allow them.
 * Returns: whether they have to be judged again.
 */
bool other_names_find(struct wards *wards, struct accesses *accesses);
