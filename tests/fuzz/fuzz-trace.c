/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a trace: what is taken for an entry comes back the same after it was
 * written again.
 */
#include "fuzz.h"
#include "trace/codec.h"

static void check_line(const char *line, size_t length)
{
	struct trace_entry entry, again;
	char *first, *second;

	if (trace_decode(line, length, &entry, NULL) < 0)
		return;
	/* Escapes may be longer than what they stand for. */
	if (trace_encode(&entry, &first) == 0) {
		FUZZ_CHECK(!strchr(first, '\n'));
		FUZZ_CHECK(trace_decode(first, strlen(first), &again, NULL) ==
			   0);
		FUZZ_CHECK(trace_encode(&again, &second) == 0);
		FUZZ_CHECK(strcmp(first, second) == 0);
		free(first);
		free(second);
		trace_entry_finish(&again);
	}
	trace_entry_finish(&entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = (const char *)data, *end = line + size;

	while (line < end) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		const size_t length = (size_t)((feed ? feed : end) - line);

		check_line(line, length);
		line += length + 1;
	}
	return 0;
}
