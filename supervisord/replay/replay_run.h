/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of a replay: the lines of the trace drive its engine, and say what
 * became of it then.
 */
#pragma once

#include <sys/queue.h>

#include "replay/replay_engine.h"
#include "replay/replay_open.h"

/* What all runs have. */
struct replay_world {
	const struct replay_options *options;
	struct replay_counts counts;
	struct replay_clock *clock;
	struct event_base *loop;
	struct supervisor *supervisor;
	struct plugin *answers; /* of then; NULL: others are given */
};

struct replay_run {
	TAILQ_ENTRY(replay_run) link; /* most recent first */
	struct replay_world *world;
	char *name, *app, *home;
	bool committed; /* the first commit is over */
	struct replay_engine engine;
	struct rules later; /* of a commit; whether a decision made them, or
			     * somebody else, is not known yet */
	struct replay_opens open;
	struct replay_fate *judging; /* of what has no id */
};

/*
 * @header: of the run; may be one that says nothing
 * Returns: 0, or a negative errno.
 */
int replay_run_new(struct replay_run **ret, struct replay_world *world,
		   const char *name, const struct trace_header *header);
struct replay_run *replay_run_free(struct replay_run *run);

/* @entry: moved where it is kept. Returns: as replay_take(). */
int replay_run_take(struct replay_run *run, struct trace_entry *entry,
		    const struct trace_place *place);

/* What is open was never answered. Returns: the same. */
int replay_run_end(struct replay_run *run);
