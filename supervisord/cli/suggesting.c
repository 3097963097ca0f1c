/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traces become suggestions: see suggesting.h. */
#include "cli/suggesting.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static enum suggest_protection look(void *userdata, const char *path,
				    rights_t rights)
{
	const struct suggesting *suggesting = userdata;

	return protected_places_look(&suggesting->places, path, rights);
}

int suggesting_begin(struct suggesting *suggesting)
{
	suggesting->options = (struct suggest_options){
		.look = look,
		.home = getenv("HOME"),
		.userdata = suggesting,
	};
	return suggest_new(&suggesting->suggest, &suggesting->options);
}

void suggesting_finish(struct suggesting *suggesting)
{
	suggesting->suggest = suggest_free(suggesting->suggest);
	protected_places_finish(&suggesting->places);
	replay_policies_finish(&suggesting->policies);
	free(suggesting->app);
}

int suggesting_use_policy(struct suggesting *suggesting, const char *app,
			  const struct replay_policy **ret)
{
	const int error = replay_policies_get(&suggesting->policies, app, ret);

	if (error || *ret == suggesting->policy)
		return error;
	suggesting->policy = *ret;
	protected_places_finish(&suggesting->places);
	return protected_places_init(&suggesting->places, (*ret)->ruleset);
}

static int note_app(struct suggesting *suggesting, const char *app)
{
	if (!app || !*app)
		return 0;
	if (!suggesting->app)
		return text_copy(&suggesting->app, app);
	suggesting->several |= strcmp(suggesting->app, app) != 0;
	return 0;
}

/* A run begins: what its policy protects counts from now on. */
static int take_header(struct suggesting *suggesting,
		       const struct trace_header *header)
{
	const struct replay_policy *policy;
	const int error = note_app(suggesting, header->app);

	return error ? error
		     : suggesting_use_policy(suggesting, header->app, &policy);
}

/* Of a run that has no header, as of one that has. */
static int load(void *userdata, const char *app, struct rules *ret)
{
	struct suggesting *suggesting = userdata;

	const struct replay_policy *policy;
	int error = 0;

	if (!suggesting->policy)
		error = suggesting_use_policy(suggesting, app, &policy);
	if (error)
		return error;
	return replay_policies_load(&suggesting->policies, app, ret);
}

static void judged(void *userdata, const struct replay_result *result)
{
	struct suggesting *suggesting = userdata;

	if (suggesting->result)
		suggesting->result(suggesting->userdata, result);
	if (!suggesting->error)
		suggesting->error = suggest_take(suggesting->suggest, result);
}

static void fixed(void *userdata, const struct replay_result *result)
{
	struct suggesting *suggesting = userdata;

	if (suggesting->result)
		suggesting->result(suggesting->userdata, result);
}

static void on_damage(void *userdata, const struct trace_place *place,
		      const char *problem)
{
	const struct suggesting *suggesting = userdata;

	fprintf(stderr, "landlord %s: %s:%" PRIu64 ": not understood: %s\n",
		suggesting->verb, place->file, place->line, problem);
}

/* @place: also when a file cannot be read */
static int read_entries(struct suggesting *suggesting,
			struct trace_reader *reader, struct replay *replay,
			struct trace_place *place)
{
	struct trace_entry entry;
	int result;

	while ((result = trace_reader_next(reader, &entry, place)) > 0) {
		if (suggesting->entry)
			suggesting->entry(suggesting->userdata, &entry);
		result = entry.event == TRACE_HEADER
				 ? take_header(suggesting, &entry.header)
				 : 0;
		if (result < 0) {
			trace_entry_finish(&entry);
			return result;
		}
		result = replay_take(replay, &entry, place);
		if (!result)
			result = suggesting->error;
		if (result < 0)
			return result;
	}
	return result < 0 ? result : replay_end(replay);
}

int suggesting_read(struct suggesting *suggesting, char *const *files)
{
	const struct replay_options options = {
		.load = load,
		.judged = judged,
		.fixed = fixed,
		.policy_only = true,
		.userdata = suggesting,
	};
	_cleanup_(trace_reader_freep) struct trace_reader *reader = NULL;
	struct trace_place place = {.file = "-"};
	struct replay *replay = NULL;
	int error = replay_new(&replay, &options);

	if (!error)
		error = trace_reader_new(&reader, files, on_damage, suggesting);
	if (!error)
		error = read_entries(suggesting, reader, replay, &place);
	if (!error)
		error = suggesting->error;
	if (reader)
		suggesting->lines = trace_reader_counts(reader);
	if (!error)
		suggesting->counts = replay_counts(replay);
	replay_free(replay);
	if (error)
		fprintf(stderr, "landlord %s: %s: %s\n", suggesting->verb,
			place.file, strerror(-error));
	else
		suggesting_tell_log(suggesting->verb, &suggesting->lines);
	return error;
}

void suggesting_tell_log(const char *verb, const struct trace_counts *lines)
{
	if (lines->logged == 0)
		return;
	fprintf(stderr,
		"landlord %s: %" PRIu64 " lines are of a log. It does not say "
		"how %" PRIu64 " of its questions ended, which rules came into "
		"force, nor what was refused too often to be logged; see "
		"landlord-trace(5).\n",
		verb, lines->logged, lines->untold);
}
