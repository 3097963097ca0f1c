/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a script: what it matches, and the answer it gives.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/decision.h"
#include "core/request.h"

struct script_line {
	unsigned int number; /* in its file, from 1 */
	enum outcome outcome;
	char *right;  /* glob; NULL: any. Owned, as the two below */
	char *path;   /* glob; NULL: any object */
	char *answer; /* for decision_parse(), so that a duration starts
		       * when a question is answered */
	int port;     /* -1: any object */
};

/* Where a sentence about a bad file goes. */
struct script_complaint {
	const char *path;
	unsigned int number; /* 0: the whole file */
	char **ret;	     /* set to a sentence (free(3)), or to NULL */
};

/*
 * Says what is wrong: "PATH:NUMBER: " and the sentence.
 * Returns: -EINVAL, so that a caller can hand it on.
 */
int script_complain(const struct script_complaint *complaint,
		    const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

/*
 * Parses one JSON object.
 * Returns: 0, -EINVAL (with a complaint), -ENOMEM; *ret only set on success.
 */
int script_line_parse(const char *text, size_t length, struct script_line *ret,
		      const struct script_complaint *complaint);

/* Whether a line answers a request; see script.h for the rule. */
bool script_line_matches(const struct script_line *line,
			 const struct request *request);

void script_line_finish(struct script_line *line);
