/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a commit has changed: the rules that one ruleset has and another has
 * not. Of books that have grown it costs what has changed; a book that was
 * exchanged for another is compared rule by rule.
 */
#pragma once

#include <stdint.h>

#include "core/ruleset.h"

struct rule_changes {
	/* Their items are the books', which they must not outlive. */
	struct rules removed, added;
	struct rules session; /* added, too, in one book */
};

/*
 * @old: NULL: there was none
 * @session: number of the book for @ret->session
 * @ret: rule_changes_finish() in any case
 * Returns: 0 or -ENOMEM.
 */
int rule_changes_find(struct rule_changes *ret, const struct ruleset *old,
		      const struct ruleset *ruleset, unsigned int session);
void rule_changes_finish(struct rule_changes *changes);

/*
 * A digest of rules: the same for the same rules, in whatever order and
 * wherever they are from. Those that are built in are left out, as they name
 * files of the run. It tells what is equal from what is not, and proves
 * nothing.
 */
uint64_t rules_digest(const struct rules *rules);
