/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/replay_run.h"

struct replay {
	const struct replay_options *options;
	struct replay_counts counts;
	TAILQ_HEAD(replay_runs, replay_run) runs;
	size_t runs_count;
};

static const char *const outcomes[] = {
	[REPLAY_ALLOW] = "allow",
	[REPLAY_DENY] = "deny",
	[REPLAY_ASK] = "ask",
};

const char *replay_outcome_name(enum replay_outcome outcome)
{
	return outcomes[outcome];
}

int replay_new(struct replay **ret, const struct replay_options *options)
{
	struct replay *replay = calloc(1, sizeof(*replay));

	if (!replay)
		return -ENOMEM;
	replay->options = options;
	TAILQ_INIT(&replay->runs);
	*ret = replay;
	return 0;
}

/* Returns: the run, NULL when it is not known. */
static struct replay_run *find_run(struct replay *replay, const char *name)
{
	struct replay_run *run;

	TAILQ_FOREACH (run, &replay->runs, link)
		if (strcmp(run->name, name) == 0)
			break;
	if (run && run != TAILQ_FIRST(&replay->runs)) {
		TAILQ_REMOVE(&replay->runs, run, link);
		TAILQ_INSERT_HEAD(&replay->runs, run, link);
	}
	return run;
}

static void drop_run(struct replay *replay, struct replay_run *run)
{
	TAILQ_REMOVE(&replay->runs, run, link);
	replay->runs_count--;
	replay_run_free(run);
}

static int end_run(struct replay *replay, struct replay_run *run)
{
	const int error = replay_run_end(run);

	drop_run(replay, run);
	return error;
}

struct replay *replay_free(struct replay *replay)
{
	struct replay_run *run;

	if (!replay)
		return NULL;
	while ((run = TAILQ_FIRST(&replay->runs)))
		drop_run(replay, run);
	free(replay);
	return NULL;
}

static int add_run(struct replay *replay, const char *name,
		   const struct trace_header *header, struct replay_run **ret)
{
	int error = 0;

	if (replay->runs_count == REPLAY_RUNS_MAX)
		error = end_run(replay, TAILQ_LAST(&replay->runs, replay_runs));
	if (!error)
		error = replay_run_new(ret, replay->options, &replay->counts,
				       name, header);
	if (error)
		return error;
	TAILQ_INSERT_HEAD(&replay->runs, *ret, link);
	replay->runs_count++;
	return 0;
}

/* A run that begins; where a file was begun anew it goes on. */
static int take_header(struct replay *replay, const struct trace_entry *entry)
{
	struct replay_run *run = find_run(replay, entry->run);
	int error = 0;

	if (run && entry->header.continues)
		return 0;
	if (run)
		error = end_run(replay, run);
	if (!error)
		error = add_run(replay, entry->run, &entry->header, &run);
	return error;
}

static int take(struct replay *replay, struct trace_entry *entry,
		const struct trace_place *place)
{
	static const struct trace_header unknown;
	struct replay_run *run;
	int error = 0;

	if (entry->event == TRACE_HEADER)
		return take_header(replay, entry);
	run = find_run(replay, entry->run);
	if (!run && entry->event == TRACE_END)
		return 0;
	if (!run) {
		/* Its header was damaged, or has been rotated away. */
		replay->counts.stray++;
		error = add_run(replay, entry->run, &unknown, &run);
	}
	if (!error && entry->event == TRACE_END)
		return end_run(replay, run);
	return error ? error : replay_run_take(run, entry, place);
}

int replay_take(struct replay *replay, struct trace_entry *entry,
		const struct trace_place *place)
{
	const int error = take(replay, entry, place);

	trace_entry_finish(entry);
	return error;
}

int replay_end(struct replay *replay)
{
	struct replay_run *run;
	int error = 0;

	/* In the order in which they began. */
	while (!error && (run = TAILQ_LAST(&replay->runs, replay_runs)))
		error = end_run(replay, run);
	return error;
}

struct replay_counts replay_counts(const struct replay *replay)
{
	return replay->counts;
}
