/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all importers do with what they have understood.
 */
#pragma once

#include "trace/import.h"

#define IMPORT_RUNS_MAX 4096 /* whose header has been written */

struct import_output {
	const struct import_options *options;
	struct import_counts counts;
	uint64_t runs[IMPORT_RUNS_MAX]; /* a ring */
	size_t runs_count;
	uint64_t last_id; /* of a request */
};

/* A record is not understood. @problem: static storage */
void import_unknown(struct import_output *output, const char *problem);

/*
 * Hands out an entry of a run.
 * @run: any number, such as that of a domain
 * @time: microseconds
 * @entry: its strings are borrowed
 */
void import_put(struct import_output *output, uint64_t run, int64_t time,
		struct trace_entry *entry);

/* Begins a run, unless it has begun. @header: its strings are borrowed */
void import_begin(struct import_output *output, uint64_t run, int64_t time,
		  const struct trace_header *header);

/* The name of an app of a program's path. */
const char *import_app(const char *exe);

/* Hands out a request that nobody was there to answer; its id is set. */
void import_put_denied(struct import_output *output, uint64_t run, int64_t time,
		       struct trace_entry *request);

/*
 * An access right by the name that the kernel has for it.
 * @prefix: what comes before it: "", "fs.", ...
 * @length: of @name
 * Returns: it, or 0 for one that is not known.
 */
rights_t import_right(const char *prefix, const char *name, size_t length);
