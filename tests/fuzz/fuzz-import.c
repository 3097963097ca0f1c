/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Audit records, trace events and lines of strace(1): whatever is made of them
 * can be written as a trace.
 */
#include "fuzz.h"
#include "trace/codec.h"
#include "trace/import.h"

static void on_entry(void *userdata, const struct trace_entry *entry)
{
	struct trace_entry again;
	char *line;

	(void)userdata;
	FUZZ_CHECK(trace_encode(entry, &line) == 0);
	FUZZ_CHECK(trace_decode(line, strlen(line), &again, NULL) == 0);
	trace_entry_finish(&again);
	free(line);
}

static void import_all(enum import_form form, const char *line, size_t size)
{
	const struct import_options options = {.form = form, .entry = on_entry};
	const char *end = line + size;
	struct import_counts counts;
	struct import *import;

	FUZZ_CHECK(import_new(&import, &options) == 0);
	while (line < end) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		const size_t length = (size_t)((feed ? feed : end) - line);

		FUZZ_CHECK(import_line(import, line, length) == 0);
		line += length + 1;
	}
	FUZZ_CHECK(import_end(import) == 0);
	counts = import_counts(import);
	FUZZ_CHECK(counts.unknown <= counts.records);
	import_free(import);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	import_all(IMPORT_KERNEL, (const char *)data, size);
	import_all(IMPORT_STRACE, (const char *)data, size);
	return 0;
}
