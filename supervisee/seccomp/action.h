/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of a notification, by what the rules say of its accesses (see
 * engine/judge.h) and by what the kernel would check when it runs the call.
 */
#pragma once

#include "engine/judge.h"
#include "landlock/layer.h"
#include "operation/notif.h"

enum action {
	ACTION_NATIVE,	/* allowed, and the kernel allows it by itself */
	ACTION_PERFORM, /* allowed, beyond what the kernel holds */
	ACTION_ASK,
	ACTION_DENY,
};

/*
 * @native: the kernel may run the call; else what is allowed is performed, and
 * the kernel asks nobody
 * @ret_detail: for ACTION_ASK and ACTION_DENY
 */
enum action action_of(const struct ruleset *ruleset,
		      const struct static_layer *layer,
		      const struct notif *notif, struct process_id process,
		      bool native, struct judged_detail *ret_detail);
