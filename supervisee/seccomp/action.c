// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of a trap: see action.h. */
#include "seccomp/action.h"

/* Whether the kernel, which reads the arguments again, checks all of it. */
static bool kernel_checks(const struct static_layer *layer,
			  const struct trap *trap)
{
	return !(trap->exposed & ~static_layer_held(layer)) &&
	       !trap->accesses.aliases_count &&
	       (trap->maker == MAKER_REGISTERS ||
		static_layer_allows(layer, &trap->accesses));
}

enum action action_of(const struct ruleset *ruleset,
		      const struct static_layer *layer, const struct trap *trap,
		      struct process_id process,
		      struct judged_detail *ret_detail)
{
	switch (judge(ruleset, &trap->accesses, process, ret_detail)) {
	case JUDGED_DENIED:
		return ACTION_DENY;
	case JUDGED_ASKED:
		return trap->maker == MAKER_KERNEL ? ACTION_DENY : ACTION_ASK;
	case JUDGED_ALLOWED:
		break;
	}
	if (kernel_checks(layer, trap))
		return ACTION_NATIVE;
	if (trap->maker != MAKER_KERNEL)
		return ACTION_PERFORM;
	judge_refuse(&trap->accesses, ret_detail);
	return ACTION_DENY;
}
