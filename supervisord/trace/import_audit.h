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

/* Zero it to start, but for @output and the kind of @event. */
struct import_audit {
	struct import_output *output;
	struct audit_journal journal;
	/* The event whose records are being read. */
	uint64_t serial, domain;
	struct trace_entry event; /* a TRACE_REQUEST */
};

/* @line: NUL-terminated. Returns: 0 or -ENOMEM. */
int import_audit_line(struct import_audit *audit, const char *line);

/* Nothing more is said of the last event. Returns: the same. */
int import_audit_end(struct import_audit *audit);
void import_audit_finish(struct import_audit *audit);
