/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports: what is in traces, for a person to look at: when what was asked and
 * how long it had to wait, what was touched, by which programs.
 *
 * Of any number of records one pass is made, in memory that does not depend on
 * it. The page is one file that needs nothing else: no network, no program but
 * a browser.
 */
#pragma once

#include <stdio.h>

#include "trace/reader.h"
#include "trace/replay_result.h"

struct report;

/* Returns: 0 or -ENOMEM. */
int report_new(struct report **ret);

/* Takes NULL; always returns NULL. */
struct report *report_free(struct report *report);

/* Takes every entry, before the replay does. */
void report_entry(struct report *report, const struct trace_entry *entry);

/*
 * Takes what came of a request, also of one that no rule can change; only what
 * came of it then counts.
 */
void report_result(struct report *report, const struct replay_result *result);

struct report_words {
	const char *title;	 /* for a person; NULL: none of its own */
	const char *suggestions; /* a policy file; NULL: none */
	struct trace_counts lines;
	struct replay_counts counts;
};

/* Writes the page. Returns: 0 or -ENOMEM; whether writing failed says
 * ferror(3).
 */
int report_write(struct report *report, const struct report_words *words,
		 FILE *out);
