/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/import_output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define NAME_MAX_ 64 /* of a right */

void import_unknown(struct import_output *output, const char *problem)
{
	output->counts.unknown++;
	if (output->options->unknown)
		output->options->unknown(output->options->userdata,
					 output->counts.lines, problem);
}

void import_put(struct import_output *output, uint64_t run, int64_t time,
		struct trace_entry *entry)
{
	char name[TRACE_RUN_MAX + 1];

	snprintf(name, sizeof(name), "%" PRIx64, run);
	entry->run = name;
	entry->time = time;
	output->options->entry(output->options->userdata, entry);
	output->counts.entries++;
	entry->run = NULL;
}

void import_begin(struct import_output *output, uint64_t run, int64_t time,
		  const struct trace_header *header)
{
	struct trace_entry entry = {.event = TRACE_HEADER, .header = *header};

	for (size_t i = 0; i < output->runs_count && i < IMPORT_RUNS_MAX; i++)
		if (output->runs[i] == run)
			return;
	output->runs[output->runs_count++ % IMPORT_RUNS_MAX] = run;
	import_put(output, run, time, &entry);
}

const char *import_app(const char *exe)
{
	const char *slash = exe ? strrchr(exe, '/') : NULL;

	if (slash)
		exe = slash + 1;
	return exe && *exe ? exe : "unknown";
}

void import_put_denied(struct import_output *output, uint64_t run, int64_t time,
		       struct trace_entry *request)
{
	const uint64_t id = ++output->last_id;
	struct trace_entry decision = {
		.event = TRACE_DECISION,
		.decision = {.id = id,
			     .by = TRACE_BY_NOBODY,
			     .decision = {.outcome = OUTCOME_DENY,
					  .unanswered = true}},
	};
	struct trace_entry answer = {
		.event = TRACE_ANSWER,
		.answer = {id, ANSWER_DENY},
	};

	request->request.request.id = id;
	import_put(output, run, time, request);
	import_put(output, run, time, &decision);
	import_put(output, run, time, &answer);
}

/* What has another name here; that of a scope is a right to what it hides. */
static const struct {
	const char *name;
	rights_t right;
} kernel_names[] = {
	{"namespace.use", RIGHT_PERM_NAMESPACE_ENTER},
	{"capability.use", RIGHT_PERM_CAPABILITY_USE},
	{"socket.create", RIGHT_PERM_SOCKET_CREATE},
	{"scope.pathname_unix_socket", RIGHT_FS_RESOLVE_UNIX},
	/* After the rights to a file, in a trace event. */
	{"fs.pathname_unix_socket", RIGHT_FS_RESOLVE_UNIX},
};

rights_t import_right(const char *prefix, const char *name, size_t length)
{
	char text[NAME_MAX_];
	rights_t right;

	if (length + strlen(prefix) >= sizeof(text))
		return 0;
	snprintf(text, sizeof(text), "%s%.*s", prefix, (int)length, name);
	for (size_t i = 0; i < ARRAY_SIZE(kernel_names); i++)
		if (strcmp(kernel_names[i].name, text) == 0)
			return kernel_names[i].right;
	/* A group has no such name there. */
	if (right_parse(text, &right) < 0 || right & (right - 1))
		return 0;
	return right;
}
