/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole traces, judged again by the rules that are in them, and by none: every
 * line that asks is judged once, or is told to be missing.
 */
#include "fuzz.h"
#include "replay/replay.h"
#include "trace/codec.h"

static uint64_t results;

static int load_none(void *userdata, const char *app, struct rules *ret)
{
	(void)userdata;
	(void)app;
	(void)ret;
	return 0;
}

static void judged(void *userdata, const struct replay_result *result)
{
	(void)userdata;
	FUZZ_CHECK(result->request->request.accesses_count > 0);
	results++;
}

static void take_line(struct replay *replay, const char *line, size_t length,
		      uint64_t *asked)
{
	const struct trace_place place = {"fuzz", 1};
	struct trace_entry entry;
	int error;

	if (trace_decode(line, length, &entry, NULL) < 0)
		return;
	*asked += entry.event == TRACE_REQUEST ||
		  entry.event == TRACE_ALLOWED || entry.event == TRACE_REFUSED;
	/* No line of a trace ends a replay. */
	error = replay_take(replay, &entry, &place);
	FUZZ_CHECK(error == 0);
}

static void play(const uint8_t *data, size_t size, bool with_none)
{
	const struct replay_options options = {
		.load = with_none ? load_none : NULL,
		.judged = judged,
	};
	const char *line = (const char *)data, *end = line + size;
	struct replay_counts counts;
	struct replay *replay;
	uint64_t asked = 0;

	results = 0;
	FUZZ_CHECK(replay_new(&replay, &options) == 0);
	while (line < end) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		const size_t length = (size_t)((feed ? feed : end) - line);

		take_line(replay, line, length, &asked);
		line += length + 1;
	}
	FUZZ_CHECK(replay_end(replay) == 0);
	counts = replay_counts(replay);
	FUZZ_CHECK(counts.judged == results);
	FUZZ_CHECK(counts.judged + counts.fixed + counts.withdrawn <= asked);
	replay_free(replay);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	play(data, size, false);
	play(data, size, true);
	return 0;
}
