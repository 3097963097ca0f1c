/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traces become suggestions: what the verbs that make some have in common.
 */
#pragma once

#include <stdbool.h>

#include "cli/protected.h"
#include "cli/replay_policies.h"
#include "trace/reader.h"
#include "replay/replay.h"
#include "trace/suggest.h"

struct suggesting {
	const char *verb; /* its name, for what is said on standard error */
	struct replay_policies policies;

	/* What else is done with entries and results; may be NULL. */
	void (*entry)(void *userdata, const struct trace_entry *entry);
	void (*result)(void *userdata, const struct replay_result *result);
	void *userdata;

	/* What there is when all has been read. */
	struct suggest *suggest;
	struct trace_counts lines;
	struct replay_counts counts;
	char *app;    /* of the last run; NULL: there was none */
	bool several; /* apps */

	/* Its own. */
	struct suggest_options options;
	/* What the policy of the app that was met last protects. */
	const struct replay_policy *policy;
	struct protected_places places;
	int error;
};

/* Begins; what is above "when all" is filled in. Returns: 0 or -ENOMEM. */
int suggesting_begin(struct suggesting *suggesting);

/*
 * Lets the policy of an app be the one that counts.
 * Returns: 0 or a negative errno.
 */
int suggesting_use_policy(struct suggesting *suggesting, const char *app,
			  const struct replay_policy **ret);

/*
 * Reads traces, and says what is wrong with them.
 * Returns: 0, or a negative errno after one line that says which file it is.
 */
int suggesting_read(struct suggesting *suggesting, char *const *files);

void suggesting_finish(struct suggesting *suggesting);

/* Says what a log that was read as a trace lacks, if it was one. */
void suggesting_tell_log(const char *verb, const struct trace_counts *lines);
