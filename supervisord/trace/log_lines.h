/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of the log (supervision/audit_log.h) as entries of a trace.
 *
 * The log is no trace, and stays a file of its own: it has several writers at a
 * time, keeps ten megabytes of everything that this user has run, and is read
 * by scripts in the form that it has had all along; a trace is of one run, has
 * one writer, and is made where somebody wants one. What both know is the same,
 * though, and so whoever reads traces reads the log, too: logs that are months
 * old can be replayed, and make suggestions.
 *
 * The log keeps ends. Of a question that somebody answered, or nobody did, its
 * line has who asked for what, and the answer: a request, its decision and its
 * answer are made of it, all at the time of that. It lacks who else waited for
 * the same answer, how long, by what name and with what flags it was asked
 * for, the process's start, and which rules came into force. Of a question that
 * a rule settled, or whose requester went, it does not say what became of it; these
 * are counted.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "trace/trace_entry.h"

#define LOG_LINES_RUNS 1024 /* whose header has been made */
#define LOG_LINES_ENTRIES 4 /* that are made of one line, at most */

/* Zero it to start. */
struct log_lines {
	uint64_t runs[LOG_LINES_RUNS]; /* a ring */
	size_t runs_count;
	uint64_t last_id; /* of a request */
	uid_t uid;	  /* of the user whose log it is */
	const char *home; /* the same; borrowed; NULL: not known */
	/* Questions that it does not say enough about. */
	uint64_t untold;
};

/* Whether it looks like one, so that it is worth to be parsed. */
bool log_lines_match(const char *line, size_t length);

/*
 * @ret: the caller finishes the entries
 * @ret_count: how many; there are none where a line is about nothing that can
 *             be judged
 * Returns: 0, -EINVAL (see trace_decode()), -ENOMEM.
 */
int log_lines_take(struct log_lines *lines, const char *line, size_t length,
		   struct trace_entry ret[LOG_LINES_ENTRIES], size_t *ret_count,
		   const char **ret_problem);
