/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a recorder: see recorder_lines.h. */
#include "trace/recorder_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/text.h"

static int64_t now(const struct recorder_lines *lines)
{
	return lines->clock->wall(lines->clock) / 1000;
}

static void name_run(struct recorder_lines *lines)
{
	uint64_t number;

	/* Whoever asks so early gets the time: it is a name, no secret. */
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number))
		number = (uint64_t)now(lines);
	snprintf(lines->run, TRACE_RUN_MAX, "%016" PRIx64, number);
}

int recorder_lines_init(struct recorder_lines *lines,
			const struct trace_header *header,
			const struct clock *clock)
{
	struct trace_header *copy = &lines->header;

	*copy = (struct trace_header){
		.abi = header->abi, .uid = header->uid, .all = header->all};
	lines->clock = clock;
	name_run(lines);
	if (text_copy(&copy->kernel, header->kernel) < 0 ||
	    text_copy(&copy->engine, header->engine) < 0 ||
	    text_copy(&copy->app, header->app) < 0 ||
	    text_copy(&copy->home, header->home) < 0)
		return -ENOMEM;
	return 0;
}

void recorder_lines_finish(struct recorder_lines *lines)
{
	for (size_t i = 0; i < lines->writers_count; i++)
		trace_writer_close(lines->writers[i]);
	free(lines->header.kernel);
	free(lines->header.engine);
	free(lines->header.app);
	free(lines->header.home);
	free(lines->header.policy);
}

/* Returns: what a writer waits for, or -1. */
static int find_pending(const struct recorder_lines *lines)
{
	for (size_t i = 0; i < lines->writers_count; i++)
		if (trace_writer_pending(lines->writers[i]) >= 0)
			return trace_writer_pending(lines->writers[i]);
	return -1;
}

static void tell_pending(const struct recorder_lines *lines)
{
	const int fd = lines->host.pending ? find_pending(lines) : -1;

	if (fd >= 0)
		lines->host.pending(lines->host.userdata, fd);
}

static void put_line(struct recorder_lines *lines, struct trace_entry *entry)
{
	entry->time = now(lines);
	entry->run = lines->run;
	for (size_t i = 0; i < lines->writers_count; i++)
		trace_writer_put(lines->writers[i], entry);
	if (!lines->held)
		tell_pending(lines);
}

void recorder_lines_hold(struct recorder_lines *lines)
{
	if (lines->held++ > 0)
		return;
	for (size_t i = 0; i < lines->writers_count; i++)
		trace_writer_hold(lines->writers[i]);
}

void recorder_lines_release(struct recorder_lines *lines)
{
	if (--lines->held > 0)
		return;
	for (size_t i = 0; i < lines->writers_count; i++)
		trace_writer_release(lines->writers[i]);
	tell_pending(lines);
}

void recorder_lines_put(struct recorder_lines *lines, struct trace_entry *entry)
{
	struct trace_entry header = {.event = TRACE_HEADER,
				     .header = lines->header};

	if (!lines->begun)
		put_line(lines, &header);
	lines->begun = true;
	put_line(lines, entry);
}

void recorder_lines_end(struct recorder_lines *lines,
			const struct trace_end *end)
{
	struct trace_entry entry = {.event = TRACE_END, .end = *end};

	entry.time = now(lines);
	entry.run = lines->run;
	for (size_t i = 0; lines->begun && i < lines->writers_count; i++) {
		entry.end.lost = trace_writer_lost(lines->writers[i]);
		trace_writer_put(lines->writers[i], &entry);
	}
}

int recorder_lines_flush(struct recorder_lines *lines)
{
	for (size_t i = 0; i < lines->writers_count; i++)
		trace_writer_flush(lines->writers[i]);
	return find_pending(lines);
}
