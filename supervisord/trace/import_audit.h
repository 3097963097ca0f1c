/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Audit records of Landlock's, in all forms in which they are kept.
 */
#pragma once

#include <stdbool.h>

#include "trace/import_output.h"

/* An entry of the journal, field by field. */
struct audit_journal {
	int64_t time;
	uint64_t type, serial;
	char *message; /* owned */
};

/* Processors write at the same time, and so records of several are mixed. */
#define AUDIT_EVENTS_MAX 16

/* Whose records are being read. */
struct audit_event {
	uint64_t serial, domain;
	struct trace_entry entry; /* a TRACE_REQUEST */
};

/* Zero it to start, but for @output. */
struct import_audit {
	struct import_output *output;
	struct audit_journal journal;
	struct audit_event events[AUDIT_EVENTS_MAX]; /* a ring */
	size_t begun, ended; /* how many, of all that there were */
};

/* @line: NUL-terminated. Returns: 0 or -ENOMEM. */
int import_audit_line(struct import_audit *audit, const char *line);

/* Nothing more is said of the last events. Returns: the same. */
int import_audit_end(struct import_audit *audit);
void import_audit_finish(struct import_audit *audit);
