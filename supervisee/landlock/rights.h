/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of our rights the kernel's Landlock can hold, and what it calls them.
 */
#pragma once

#include "core/right.h"

/* The rights that an ABI can hold: all that it refuses unless they are allowed.
 */
rights_t landlock_rights_of_abi(int abi);

/*
 * A ruleset that handles what an ABI knows of some rights.
 * Returns: a descriptor (O_CLOEXEC), or a negative errno.
 */
int landlock_ruleset_of_rights(int abi, rights_t rights);

/* Rights on ports, as the kernel calls them. */
uint64_t landlock_net_of_rights(rights_t rights);
