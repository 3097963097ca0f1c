/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a recorder: the writers that they go to, and the header that is
 * before them. A line that a writer cannot take at once is kept by it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/recorder.h"
#include "trace/writer.h"

struct clock;

struct recorder_lines {
	struct trace_writer *writers[RECORDER_WRITERS_MAX]; /* owned */
	size_t writers_count;
	struct trace_header header;
	bool begun; /* the header has been written */
	unsigned int held;
	const struct clock *clock; /* borrowed */
	char run[TRACE_RUN_MAX];
	struct recorder_host host;
};

/*
 * @lines: zeroed; to be finished in either case
 * @header: copied, without the digest
 * Returns: 0 or -ENOMEM.
 */
int recorder_lines_init(struct recorder_lines *lines,
			const struct trace_header *header,
			const struct clock *clock);
void recorder_lines_finish(struct recorder_lines *lines);

/* Writes one line, and the header before the first. @entry: borrowed */
void recorder_lines_put(struct recorder_lines *lines,
			struct trace_entry *entry);

/*
 * What is put is not written before the last that holds releases it, and then at
 * once.
 */
void recorder_lines_hold(struct recorder_lines *lines);
void recorder_lines_release(struct recorder_lines *lines);

/* Writes the last line; each writer says how many lines it lacks. */
void recorder_lines_end(struct recorder_lines *lines,
			const struct trace_end *end);

/* Goes on with what is kept. Returns: what a writer waits for, or -1. */
int recorder_lines_flush(struct recorder_lines *lines);
