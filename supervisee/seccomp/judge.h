/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging a trap against the committed ruleset. Pure: no descriptor is
 * touched, nothing is asked.
 */
#pragma once

#include "core/ruleset.h"
#include "landlock/layer.h"
#include "operation/trap.h"
#include "seccomp/gain.h"

enum verdict {
	VERDICT_NATIVE,	 /* allowed, and the kernel allows it by itself */
	VERDICT_PERFORM, /* allowed, beyond what the kernel holds */
	VERDICT_ASK,
	VERDICT_DENY,
};

struct verdict_detail {
	/* What is missing for a move. */
	struct gain gain;
	/* For VERDICT_ASK and _DENY: what is missing, in the order of the
	 * needs; objects are borrowed from the trap, and from the gain. */
	struct need missing[REQUEST_ACCESSES_MAX];
	size_t missing_count;
	int error;    /* that Landlock gives: -EACCES, -EXDEV, -EPERM */
	bool by_rule; /* VERDICT_DENY: a rule says so */
};

enum verdict judge(const struct ruleset *ruleset,
		   const struct static_layer *layer, const struct trap *trap,
		   struct process_id process,
		   struct verdict_detail *ret_detail);

/*
 * Whether what a trap moves could as well be of any other kind that the
 * program itself can make: a link, a directory, ... So it does not matter what
 * has its name by the time it is moved.
 */
bool judge_moves_any(const struct ruleset *ruleset, const struct trap *trap,
		     struct process_id process);
