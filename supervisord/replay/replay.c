/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "replay/replay_answers.h"
#include "replay/replay_run.h"
#include "supervision/supervisor.h"

struct replay {
	struct replay_world world;
	struct replay_clock own_clock;
	struct event_base *own_loop;
	struct policy_options places; /* none */
	struct past past;
	TAILQ_HEAD(replay_runs, replay_run) runs;
	size_t runs_count;
};

/* The rules of an app, which may be in the trace. */
static int load(void *userdata, const char *app, struct rules *ret)
{
	const struct replay_options *options = userdata;

	return options->load ? options->load(options->userdata, app, ret) : 0;
}

/* What the daemon does, but for the engine, the clock and who answers. */
static int open_world(struct replay *replay)
{
	struct replay_world *world = &replay->world;
	const struct replay_options *options = world->options;
	const struct supervisor_options supervisor_options = {
		.no_watch = true,
		.clock = &world->clock->clock,
		.places = &replay->places,
		.past = &replay->past,
	};
	const int error = supervisor_new(&world->supervisor, world->loop,
					 &supervisor_options);

	if (error || options->agent || options->policy_only)
		return error;
	world->answers = replay_answers_new();
	if (!world->answers)
		return -ENOMEM;
	return supervisor_add_plugin(world->supervisor, world->answers);
}

int replay_new(struct replay **ret, const struct replay_options *options)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	int error;

	if (!replay)
		return -ENOMEM;
	replay->world.options = options;
	replay->past = (struct past){load, (void *)(uintptr_t)options};
	TAILQ_INIT(&replay->runs);
	replay_clock_init(&replay->own_clock);
	replay->world.clock =
		options->clock ? options->clock : &replay->own_clock;
	if (!options->loop)
		replay->own_loop = event_base_new();
	replay->world.loop = options->loop ? options->loop : replay->own_loop;
	error = replay->world.loop ? open_world(replay) : -ENOMEM;
	if (error) {
		replay_free(replay);
		return error;
	}
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
	supervisor_free(replay->world.supervisor);
	if (replay->own_loop)
		event_base_free(replay->own_loop);
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
		error = replay_run_new(ret, &replay->world, name, header);
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
		replay->world.counts.stray++;
		error = add_run(replay, entry->run, &unknown, &run);
	}
	if (!error && entry->event == TRACE_END)
		return end_run(replay, run);
	return error ? error : replay_run_take(run, entry, place);
}

/* What becomes due by then, as a rule that ends, does so before. */
static void move_clock(struct replay *replay, int64_t time)
{
	/* A line that is damaged, or one of a log, may have none. */
	if (time == 0)
		return;
	replay->world.clock->now = time;
	supervisor_look(replay->world.supervisor);
}

int replay_take(struct replay *replay, struct trace_entry *entry,
		const struct trace_place *place)
{
	int error;

	move_clock(replay, entry->time);
	error = take(replay, entry, place);
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
	return replay->world.counts;
}
