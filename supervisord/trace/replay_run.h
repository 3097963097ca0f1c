/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of a replay: its rules, and its open requests.
 */
#pragma once

#include <sys/queue.h>

#include "trace/replay.h"
#include "trace/replay_open.h"

struct replay_run {
	TAILQ_ENTRY(replay_run) link; /* most recent first */
	const struct replay_options *options;
	struct replay_counts *counts;
	char *name, *app, *home;
	bool recorded;	/* the rules are those of the trace */
	bool committed; /* the first commit is over */
	struct replay_policy *empty;
	struct replay_rules *rules;
	struct rules later; /* of a commit; whether a decision made them, or
			     * somebody else, is not known yet */
	struct replay_opens open;
};

/*
 * @header: of the run; may be one that says nothing
 * Returns: 0, or a negative errno.
 */
int replay_run_new(struct replay_run **ret,
		   const struct replay_options *options,
		   struct replay_counts *counts, const char *name,
		   const struct trace_header *header);
struct replay_run *replay_run_free(struct replay_run *run);

/* @entry: moved where it is kept. Returns: as replay_take(). */
int replay_run_take(struct replay_run *run, struct trace_entry *entry,
		    const struct trace_place *place);

/* What is open was never answered. Returns: the same. */
int replay_run_end(struct replay_run *run);
