/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of the log, read as a trace: what is made of one can be written as a
 * trace, and of a question there is all or nothing.
 */
#include <errno.h>

#include "fuzz.h"
#include "trace/codec.h"
#include "trace/log_lines.h"

static void check_entry(const struct trace_entry *entry)
{
	struct trace_entry again;
	char *line;
	const int error = trace_encode(entry, &line);

	/* Escapes may be longer than what they stand for. */
	if (error) {
		FUZZ_CHECK(error == -EMSGSIZE);
		return;
	}
	FUZZ_CHECK(trace_decode(line, strlen(line), &again, NULL) == 0);
	FUZZ_CHECK(again.event == entry->event);
	FUZZ_CHECK(strcmp(again.run, entry->run) == 0);
	trace_entry_finish(&again);
	free(line);
}

/* A request, what was decided, and what came of it, of one number. */
static void check_question(const struct trace_entry *entries, size_t count,
			   uint64_t id)
{
	FUZZ_CHECK(count == 3);
	FUZZ_CHECK(entries[0].request.request.id == id);
	FUZZ_CHECK(entries[1].event == TRACE_DECISION);
	FUZZ_CHECK(entries[1].decision.id == id);
	FUZZ_CHECK(entries[2].event == TRACE_ANSWER);
	FUZZ_CHECK(entries[2].answer.id == id);
}

static void take_line(struct log_lines *lines, const char *line, size_t length)
{
	struct trace_entry entries[LOG_LINES_ENTRIES];
	const struct log_lines before = *lines;
	const char *problem = NULL;
	size_t count = 0;
	const int error =
		log_lines_take(lines, line, length, entries, &count, &problem);

	FUZZ_CHECK(!error || error == -EINVAL);
	FUZZ_CHECK(!error || (count == 0 && problem));
	FUZZ_CHECK(count <= LOG_LINES_ENTRIES);
	FUZZ_CHECK(lines->untold - before.untold <= 1);
	FUZZ_CHECK(lines->runs_count - before.runs_count <= 1);
	for (size_t i = 0; i < count; i++) {
		check_entry(&entries[i]);
		if (entries[i].event == TRACE_REQUEST)
			check_question(entries + i, count - i,
				       before.last_id + 1);
		FUZZ_CHECK(entries[i].event != TRACE_HEADER || i == 0);
	}
	for (size_t i = 0; i < count; i++)
		trace_entry_finish(&entries[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_lines lines = {.uid = 1000, .home = "/home/u"};
	const char *line = (const char *)data, *end = line + size;

	while (line < end) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		const size_t length = (size_t)((feed ? feed : end) - line);

		if (log_lines_match(line, length))
			take_line(&lines, line, length);
		line += length + 1;
	}
	return 0;
}
