/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Committed rules: what the kernel's Landlock allows a domain while it runs.
 * They are a cache of the policy, filled by what is asked for: where the policy
 * allows something without exception beneath a directory, the kernel gets a
 * rule for the highest such directory, and asks no more. It never holds more
 * than the policy allows:
 *
 *  - what is bound to a process or ends at a time, and directories with
 *    exceptions beneath them, get no rule;
 *  - files are moved and made by rules only where no name beneath has rules of
 *    its own: the kernel would let any file become the one that is meant;
 *  - what the policy refuses by another name (see path/ward.h) gets none.
 *
 * Rules are bound to objects, and the policy's to names: what had the name when
 * it was used keeps the rule until the next policy that takes something back.
 */
#pragma once

#include <stdbool.h>

#include "core/ruleset.h"
#include "engine/accesses.h"
#include "path/ward.h"

struct committed;

/*
 * @supervisor: borrowed
 * Returns: 0 or -ENOMEM.
 */
int committed_new(struct committed **ret, int supervisor);

/* Takes NULL; always returns NULL. */
struct committed *committed_free(struct committed *committed);

/*
 * Has the kernel allow, from now on, what is needed, as far as the policy lets
 * a rule say so. What is needed is allowed already.
 * Returns: whether all of it is held by now.
 */
bool committed_add(struct committed *committed, const struct ruleset *policy,
		   struct wards *wards, const struct accesses *accesses);

/*
 * Takes from the kernel, at once, what a new policy does not allow, or what
 * has another name by now. Returns: 0; a negative errno: it holds nothing any
 * more, if it could be told so.
 */
int committed_check(struct committed *committed, const struct ruleset *policy,
		    struct wards *wards);
