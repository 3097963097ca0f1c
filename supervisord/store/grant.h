/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One persisted decision and its line of JSON; see grants.h for the form.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rule.h"

/* Longer lines are not written, and not understood. */
#define GRANT_LINE_MAX 65536

struct grant {
	struct rule rule; /* its origin is made of the agent and the time */
	char *agent;	  /* escaped text; owned */
	int64_t time;	  /* when it was decided */
	bool revoked;	  /* what had this id counts no more */
};

void grant_finish(struct grant *grant);

/*
 * Parses a line, strictly: all members, no others, each of its type.
 * @ret_problem: a sentence in static storage
 * Returns: 0, -EINVAL, -ENOMEM.
 */
int grant_decode(const char *line, size_t length, struct grant *ret,
		 const char **ret_problem);

/*
 * Makes a line, without the line feed.
 * Returns: 0 (a new string in *ret), -EMSGSIZE, -ENOMEM.
 */
int grant_encode(const struct grant *grant, char **ret);

/*
 * Reads such an origin again.
 * @ret_agent: where the agent ends
 * Returns: 0, or -EINVAL when it is none.
 */
int grant_parse_origin(const char *origin, size_t *ret_agent,
		       int64_t *ret_time);

/* Sets rule.origin of the agent and the time. Returns: 0 or -ENOMEM. */
int grant_set_origin(struct grant *grant);
