/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the log: see log_lines.h. */
#include "trace/log_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "trace/codec.h"

/* A line while it becomes entries. */
struct log_line {
	struct log_lines *lines;
	const json_t *object;
	const char *event;
	char run[TRACE_RUN_MAX + 1];
	struct trace_entry *entries;
	size_t count;
	const char *problem;
};

/* No trace has a line with the one and without the other. */
bool log_lines_match(const char *line, size_t length)
{
	return memmem(line, length, "\"domain\":", 9) &&
	       !memmem(line, length, "\"run\":", 6);
}

/* Adds an entry. @object: of a trace's line; taken; NULL: no memory */
static int add(struct log_line *line, json_t *object)
{
	int error = -ENOMEM;

	if (object) {
		json_object_set_new(object, "run", json_string(line->run));
		json_object_set(object, "time",
				json_object_get(line->object, "time"));
		error = trace_decode_object(object, &line->entries[line->count],
					    &line->problem);
	}
	json_decref(object);
	line->count += !error;
	return error;
}

/* --- Runs -------------------------------------------------------- */

/* One for each supervisor, whose number is all that is known of it. */
static int name_run(struct log_line *line)
{
	const json_t *domain = json_object_get(line->object, "domain");

	if (!json_is_integer(domain) || json_integer_value(domain) < 0)
		return -EINVAL;
	snprintf(line->run, sizeof(line->run), "log-%" PRIx64,
		 (uint64_t)json_integer_value(domain));
	return 0;
}

static uint64_t hash_run(const char *app, const char *run)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *run; run++)
		hash = (hash ^ (unsigned char)*run) * UINT64_C(0x100000001b3);
	for (; *app; app++)
		hash = (hash ^ (unsigned char)*app) * UINT64_C(0x100000001b3);
	return hash ? hash : 1;
}

static bool is_known(const struct log_lines *lines, uint64_t run)
{
	for (size_t i = 0; i < LOG_LINES_RUNS; i++)
		if (lines->runs[i] == run)
			return true;
	return false;
}

/*
 * Each beginning of one, also of one whose beginning has been rotated away.
 */
static int begin_run(struct log_line *line)
{
	struct log_lines *lines = line->lines;
	const char *app =
		json_string_value(json_object_get(line->object, "app"));
	const json_t *engine = json_object_get(line->object, "engine");
	const bool starts = strcmp(line->event, "start") == 0;
	uint64_t run;
	json_t *object;

	if (!app)
		return -EINVAL;
	run = hash_run(app, line->run);
	if (!starts && is_known(lines, run))
		return 0;
	if (!is_known(lines, run))
		lines->runs[lines->runs_count++ % LOG_LINES_RUNS] = run;
	object = json_pack("{s:s, s:s, s:i, s:s, s:I, s:s*}", "event", "header",
			   "format", TRACE_FORMAT, "version", TRACE_VERSION,
			   "app", app, "uid", (json_int_t)lines->uid, "home",
			   lines->home);
	if (object && json_is_string(engine))
		json_object_set(object, "engine", (json_t *)(uintptr_t)engine);
	return add(line, object);
}

/* --- Questions --------------------------------------------------- */

/* What says who asked for what; the same in both. */
static json_t *new_request(const struct log_line *line, const char *event)
{
	static const char *const same[] = {"pid", "exe", "operation",
					   "accesses", "reason"};
	json_t *object =
		json_pack("{s:s, s:i, s:I}", "event", event, "generation", 0,
			  "uid", (json_int_t)line->lines->uid);
	json_t *value;

	for (size_t i = 0; object && i < ARRAY_SIZE(same); i++) {
		value = json_object_get(line->object, same[i]);
		if (value)
			json_object_set(object, same[i], value);
	}
	return object;
}

static const char *by_reason(const char *reason)
{
	static const struct {
		const char *reason;
		enum trace_by by;
	} known[] = {
		{"deadline", TRACE_BY_TIMEOUT},
		{"no agent", TRACE_BY_NOBODY},
		{"commit failed", TRACE_BY_COMMIT},
		{"flood", TRACE_BY_LIMIT},
		{"too many questions", TRACE_BY_LIMIT},
	};

	for (size_t i = 0; reason && i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i].reason, reason) == 0)
			return trace_by_name(known[i].by);
	return trace_by_name(TRACE_BY_UNKNOWN);
}

static json_t *new_unanswered(const struct log_line *line, uint64_t id)
{
	const json_t *reason = json_object_get(line->object, "reason");

	return json_pack("{s:s, s:I, s:s, s:s, s:s, s:b}", "event", "decision",
			 "id", (json_int_t)id, "outcome", "deny", "lifetime",
			 "once", "by", by_reason(json_string_value(reason)),
			 "unanswered", 1);
}

static json_t *new_decision(const struct log_line *line, uint64_t id)
{
	static const char *const same[] = {"outcome", "lifetime", "until",
					   "beneath", "agent"};
	json_t *object =
		json_pack("{s:s, s:I, s:s}", "event", "decision", "id",
			  (json_int_t)id, "by", trace_by_name(TRACE_BY_AGENT));
	json_t *value;

	for (size_t i = 0; object && i < ARRAY_SIZE(same); i++) {
		value = json_object_get(line->object, same[i]);
		if (value)
			json_object_set(object, same[i], value);
	}
	return object;
}

static int add_question(struct log_line *line, bool answered)
{
	const uint64_t id = ++line->lines->last_id;
	json_t *request = new_request(line, "request");
	const char *outcome =
		json_string_value(json_object_get(line->object, "outcome"));
	const bool allowed = outcome && strcmp(outcome, "allow") == 0;
	int error;

	if (request)
		json_object_set_new(request, "id",
				    json_integer((json_int_t)id));
	error = add(line, request);
	if (!error)
		error = add(line, answered ? new_decision(line, id)
					   : new_unanswered(line, id));
	if (error)
		return error;
	return add(line, json_pack("{s:s, s:I, s:s}", "event", "answer", "id",
				   (json_int_t)id, "answer",
				   trace_answer_name(answered && allowed
							     ? ANSWER_ALLOW_ONCE
							     : ANSWER_DENY)));
}

static int add_entries(struct log_line *line)
{
	int error = name_run(line);

	if (!error)
		error = begin_run(line);
	if (error)
		return error;
	if (strcmp(line->event, "decision") == 0)
		return add_question(line, true);
	if (strcmp(line->event, "unanswered") == 0)
		return add_question(line, false);
	if (strcmp(line->event, "refused") == 0)
		return add(line, new_request(line, "refused"));
	line->lines->untold += strcmp(line->event, "settled") == 0 ||
			       strcmp(line->event, "withdrawn") == 0;
	return 0;
}

int log_lines_take(struct log_lines *lines, const char *bytes, size_t length,
		   struct trace_entry ret[LOG_LINES_ENTRIES], size_t *ret_count,
		   const char **ret_problem)
{
	json_t *object =
		json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
	struct log_line line = {.lines = lines,
				.object = object,
				.entries = ret,
				.problem = "event"};
	int error = -EINVAL;

	line.event = json_string_value(json_object_get(object, "event"));
	if (!object)
		line.problem = "no JSON object";
	if (line.event)
		error = add_entries(&line);
	json_decref(object);
	*ret_problem = line.problem;
	*ret_count = error ? 0 : line.count;
	for (size_t i = 0; error && i < line.count; i++)
		trace_entry_finish(&ret[i]);
	return error;
}
