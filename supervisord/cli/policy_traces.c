/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/policy_traces.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/replay_print.h"
#include "plugin/request_json.h"
#include "replay/replay.h"
#include "trace/reader.h"

/* A trace is judged twice; the verdicts of the first time are kept. */
struct trace_judging {
	struct policy_place *place;
	struct replay_verdict *verdicts; /* without who */
	size_t count, allocated, at;
	bool again;
	json_t *array;
	size_t different;
	int error;
};

static int load(void *userdata, const char *app, struct rules *ret)
{
	const struct trace_judging *const judging = userdata;
	struct policy policy;
	const int error = policy_place_load(judging->place, app, &policy);

	if (error)
		return error;
	*ret = policy.rules;
	return 0;
}

static int keep(struct trace_judging *judging,
		const struct replay_verdict *verdict)
{
	if (judging->count == judging->allocated) {
		const size_t allocated = judging->allocated * 2 + 1024;
		struct replay_verdict *const verdicts = reallocarray(
			judging->verdicts, allocated, sizeof(*verdicts));

		if (!verdicts)
			return -ENOMEM;
		judging->verdicts = verdicts;
		judging->allocated = allocated;
	}
	judging->verdicts[judging->count] = *verdict;
	judging->verdicts[judging->count++].who = NULL;
	return 0;
}

static void judged(void *userdata, const struct replay_result *result)
{
	struct trace_judging *const judging = userdata;
	struct replay_result compared = *result;
	json_t *json;

	if (judging->error)
		return;
	if (!judging->again) {
		judging->error = keep(judging, &result->new);
		return;
	}
	if (judging->at == judging->count) {
		judging->error = -EAGAIN;
		return;
	}
	compared.old = judging->verdicts[judging->at++];
	if (compared.old.outcome == compared.new.outcome)
		return;
	judging->different++;
	if (!judging->array) {
		replay_print_text(&compared);
		return;
	}
	json = request_json(&result->request->request);
	json_object_set_new(json, "app", json_bytes(result->app));
	json_object_set_new(json, "file", json_bytes(result->place.file));
	json_object_set_new(json, "line",
			    json_integer((json_int_t)result->place.line));
	json_object_set_new(
		json, "was",
		json_string(replay_outcome_name(compared.old.outcome)));
	json_object_set_new(
		json, "now",
		json_string(replay_outcome_name(compared.new.outcome)));
	json_array_append_new(judging->array, json);
}

static void on_damage(void *userdata, const struct trace_place *place,
		      const char *problem)
{
	const struct trace_judging *const judging = userdata;

	if (!judging->again)
		fprintf(stderr,
			"landlord policy diff: %s:%" PRIu64
			": not understood: %s\n",
			place->file, place->line, problem);
}

static int read_traces(struct trace_judging *judging, char *const *files,
		       struct replay *replay)
{
	_cleanup_(trace_reader_freep) struct trace_reader *reader = NULL;
	struct trace_entry entry;
	struct trace_place place;
	int result = trace_reader_new(&reader, files, on_damage, judging);

	while (result >= 0 &&
	       (result = trace_reader_next(reader, &entry, &place)) > 0)
		result = replay_take(replay, &entry, &place);
	if (result == 0)
		result = replay_end(replay);
	return result < 0 ? result : judging->error;
}

static int judge(struct trace_judging *judging, struct policy_place *place,
		 char *const *files)
{
	const struct replay_options options = {
		.load = load,
		.policy_only = true,
		.judged = judged,
		.userdata = judging,
	};
	struct replay *replay;
	int error;

	judging->place = place;
	error = replay_new(&replay, &options);
	if (error)
		return error;
	error = read_traces(judging, files, replay);
	replay_free(replay);
	return error;
}

int policy_traces_compare(struct policy_place *was, struct policy_place *now,
			  char *const *files, json_t *array, size_t *ret_judged,
			  size_t *ret_different)
{
	struct trace_judging judging = {.array = array};
	int error = judge(&judging, was, files);

	judging.again = true;
	if (!error)
		error = judge(&judging, now, files);
	/* Somebody still writes to it. */
	if (!error && judging.at != judging.count)
		error = -EAGAIN;
	*ret_judged = judging.count;
	*ret_different = judging.different;
	free(judging.verdicts);
	return error;
}
