/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which lines of the log are meant: those of which all is so that was said.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct log_filter {
	int64_t since, until; /* seconds since the epoch; 0: any */
	const char *app;      /* a glob; NULL: any */
	const char *outcome;  /* NULL: any */
};

/*
 * Parses a time: how long ago ("2h", "30d"), a local date with or without a time
 * of day ("2026-11-30 12:00"), or "2026-11-30T12:00:00Z".
 * @now: seconds since the epoch
 * Returns: 0 or -EINVAL.
 */
int log_time_parse(const char *text, int64_t now, int64_t *ret);

/* Whether it is one that there can be: allow, deny, unanswered or refused. */
bool log_outcome_is_known(const char *outcome);

bool log_filter_matches(const struct log_filter *filter, const json_t *line);
