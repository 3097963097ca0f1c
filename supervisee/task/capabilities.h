/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program may have of the capabilities of whoever starts it: those that
 * a rule allows, and those that are used only by calls that are notified, so that
 * each use can be asked about. No filter sees the use of the others. In a user
 * namespace of its own a program has all, over what belongs to that namespace.
 */
#pragma once

#include <stdint.h>

#include "core/ruleset.h"

/* Sets of capabilities are bits by their numbers. */

/* What a ruleset does not leave to a program, of all that the kernel knows. */
uint64_t capabilities_withheld(const struct ruleset *ruleset);

/*
 * Takes capabilities from the calling process, and from all it will execute.
 * @kept: those that are taken from what it executes only
 * Returns: 0 or a negative errno.
 */
int capabilities_take(uint64_t taken, uint64_t kept);

/* Of a set those that the calling process has. */
uint64_t capabilities_held(uint64_t set);
