/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a commit has changed: the rules that one ruleset has and another has
 * not. Of books that have grown it costs what has changed; a book that was
 * exchanged for another is compared rule by rule.
 */
#pragma once

#include <stdint.h>

#include "core/ruleset.h"
#include "trace/trace_entry.h"

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

/*
 * Calls back with each line that they make of a commit: there is at least one,
 * and none is too long.
 */
void rule_changes_put(const struct rule_changes *changes, uint64_t generation,
		      void (*put)(void *userdata,
				  const struct trace_commit *line),
		      void *userdata);
void rule_changes_finish(struct rule_changes *changes);

/*
 * A digest of rules: the same for the same rules, in whatever order and
 * wherever they are from. Those that are built in are left out, as they name
 * files of the run. It tells what is equal from what is not, and proves
 * nothing.
 */
uint64_t rules_digest(const struct rules *rules);
