/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Import: what others wrote of programs, as a trace.
 *
 * Of the kernel's denials: audit records, in any form in which they are kept
 * (ausearch(8) and audit.log, the kernel's log, journalctl -o export), and
 * trace events as trace-cmd(1), perf-script(1) and tracefs print them. There
 * was nobody to ask: each denial becomes a request that nobody answered, so
 * that it can be judged again, and rules be suggested. A domain is a run, and
 * what is about one event an access of one request.
 *
 * Of a program that nobody supervised: strace(1). What it could do becomes what
 * was allowed; all lines are one run.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "trace/trace_entry.h"

enum import_form {
	IMPORT_KERNEL, /* audit records and trace events, mixed as they come */
	IMPORT_STRACE,
};

struct import_counts {
	uint64_t lines;
	uint64_t others;  /* that are about no access, nor needed for one */
	uint64_t records; /* that are */
	uint64_t unknown; /* of these, not understood */
	uint64_t entries; /* that were made */
};

struct import_options {
	enum import_form form;
	const char *home; /* of who ran what strace saw; NULL: not known */
	uid_t uid;	  /* the same */

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
