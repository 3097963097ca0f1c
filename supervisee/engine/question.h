/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions: making the request that the decider gets, from the target and from
 * what is missing.
 */
#pragma once

#include <sys/types.h>

#include "core/request.h"
#include "engine/judge.h"

/* The thread that needs something, and the call that it makes. */
struct target {
	pid_t tid;	       /* that waits for us meanwhile */
	pid_t monitor;	       /* where the chain of its parents ends */
	const char *operation; /* name of the system call, or as it is called */
};

/*
 * Makes a request of what is missing.
 * @ret: request_finish() in any case
 * Returns: 0 or -ENOMEM.
 */
int question_make(struct request *ret, const struct target *target,
		  const struct ruleset *ruleset,
		  const struct judged_detail *detail);
