/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Import: what the kernel wrote of Landlock's denials, as a trace.
 *
 * Audit records are taken in any form in which they are kept: ausearch(8) and
 * audit.log, the kernel's log, and journalctl -o export. There was nobody to
 * ask: each denial becomes a request that nobody answered, so that it can be
 * judged again, and rules be suggested. A domain is a run, a record of one
 * event an access of one request.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "trace/entry.h"

struct import_counts {
	uint64_t lines;
	uint64_t others;  /* that are not about Landlock, nor needed for it */
	uint64_t records; /* of Landlock */
	uint64_t unknown; /* of these, not understood */
	uint64_t entries; /* that were made */
};

struct import_options {
	/* @entry: borrowed */
	void (*entry)(void *userdata, const struct trace_entry *entry);
	/* A record that is not understood. @line: from 1. May be NULL. */
	void (*unknown)(void *userdata, uint64_t line, const char *problem);
	void *userdata;
};

struct import;

/* @options: borrowed. Returns: 0 or -ENOMEM. */
int import_new(struct import **ret, const struct import_options *options);
struct import *import_free(struct import *import);

/* Takes one line, without its line feed. Returns: 0 or -ENOMEM. */
int import_line(struct import *import, const char *line, size_t length);

/* What was read last was all. Returns: the same. */
int import_end(struct import *import);

struct import_counts import_counts(const struct import *import);
