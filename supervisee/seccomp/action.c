/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a notification: see action.h. */
#include "seccomp/action.h"

#include <sys/syscall.h>

#include "operation/call.h"

/* Whether the kernel, which reads the arguments again, checks all of it. */
static bool kernel_checks(const struct static_layer *layer,
			  const struct notif *notif)
{
	return !(notif->exposed & ~static_layer_held(layer)) &&
	       !notif->accesses.aliases_count &&
	       (notif->maker == MAKER_REGISTERS ||
		static_layer_allows(layer, &notif->accesses));
}

/* Whether the kernel, when it runs the call, asks about all that it needs. */
static bool kernel_asks(const struct static_layer *layer,
			const struct notif *notif)
{
	const struct accesses *accesses = &notif->accesses;
	rights_t asked = static_layer_asked(layer);

	/* Flags that lie in memory may become some that Landlock lets pass. */
	if (!asked || accesses->impossible ||
	    notif->call->number == SYS_openat2 ||
	    notif->exposed & ~static_layer_held(layer))
		return false;
	asked &= notif->call->operation->kernel_asks;
	for (size_t i = 0; i < accesses->count; i++)
		if (accesses->needs[i].rights & ~asked)
			return false;
	return accesses->count;
}

enum action action_of(const struct ruleset *ruleset,
		      const struct static_layer *layer,
		      const struct notif *notif, struct process_id process,
		      bool native, struct judged_detail *ret_detail)
{
	const enum judged judged =
		judge(ruleset, &notif->accesses, process, ret_detail);

	if (judged != JUDGED_DENIED && native && kernel_asks(layer, notif))
		return ACTION_NATIVE;
	switch (judged) {
	case JUDGED_DENIED:
		return ACTION_DENY;
	case JUDGED_ASKED:
		return notif->maker == MAKER_KERNEL ? ACTION_DENY : ACTION_ASK;
	case JUDGED_ALLOWED:
		break;
	}
	if (kernel_checks(layer, notif))
		return ACTION_NATIVE;
	if (notif->maker != MAKER_KERNEL)
		return ACTION_PERFORM;
	judge_refuse(&notif->accesses, ret_detail);
	return ACTION_DENY;
}
