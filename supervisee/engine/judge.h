/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging accesses against the committed ruleset. Pure: no descriptor is
 * touched, nothing is asked.
 */
#pragma once

#include "core/ruleset.h"
#include "engine/accesses.h"
#include "engine/gain.h"

enum judged {
	JUDGED_ALLOWED,
	JUDGED_ASKED, /* a rule could allow what is missing */
	JUDGED_DENIED,
};

struct judged_detail {
	/* What is missing for a move. */
	struct gain gain;
	/* Of what is not allowed: what is missing, in the order of the needs;
	 * objects are borrowed from those, and from the gain. */
	struct need missing[REQUEST_ACCESSES_MAX];
	size_t missing_count;
	int error;    /* that Landlock gives: -EACCES, -EXDEV, -EPERM */
	bool by_rule; /* denied: a rule says so */
};

/* @process: who asks, for rules of lifetime "process"; or PROCESS_NONE */
enum judged judge(const struct ruleset *ruleset,
		  const struct accesses *accesses, struct process_id process,
		  struct judged_detail *ret_detail);

/* Denies all, whatever the rules say: nobody can do it. Returns: that. */
enum judged judge_refuse(const struct accesses *accesses,
			 struct judged_detail *ret_detail);

/*
 * Whether what is moved could as well be of any other kind that the program
 * itself can make: a link, a directory, ... So it does not matter what has its
 * name by the time it is moved.
 * @replaces: something has the new name
 */
bool judge_moves_any(const struct ruleset *ruleset,
		     const struct accesses *accesses, bool replaces,
		     struct process_id process);
