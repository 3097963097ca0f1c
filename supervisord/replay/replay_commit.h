/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commits of a run: what somebody else brought into force then, by a file,
 * a grant or another run, is brought into force again. What a decision of the
 * run made is not: the decision does it, if it is made.
 */
#pragma once

#include "replay/replay_run.h"

/* Returns: 0 or a negative errno, as all that follow. */
int replay_commit_take(struct replay_run *run,
		       const struct trace_commit *commit);

/* A decision comes behind the commit of its rules: those are its own. */
int replay_commit_claim(struct replay_run *run,
			const struct trace_decision *decision,
			const struct request *request);

/* What no decision has claimed was somebody else's doing, and counts. */
int replay_commit_apply(struct replay_run *run);
