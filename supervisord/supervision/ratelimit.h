/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ratelimit: how often one domain may bother a person.
 *
 * A bucket of tokens, one for each question. When it is empty the domain is
 * flooding: its questions are denied without being put until it has been quiet
 * for a while, and that is told once. A question that was answered faster than
 * a person can read gives its token back, so that scripts are not slowed.
 *
 * Pure: the clock is the caller's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define RATELIMIT_BURST 40 /* questions in a row */
#define RATELIMIT_QUIET_MS \
	10000			 /* without a question, to be believed again \
				  */
#define RATELIMIT_INSTANT_MS 150 /* no person answers as fast */

struct ratelimit {
	unsigned int tokens;
	int64_t refill;	  /* one token comes back in that time, ms */
	int64_t refilled; /* when tokens were last added, ms */
	int64_t last;	  /* when the last question came, ms */
	bool flooding;
};

enum ratelimit_state {
	RATELIMIT_PASS,
	RATELIMIT_BEGINS, /* deny, and tell once */
	RATELIMIT_DENY,	  /* deny, silently */
};

/* @per_minute: the rate that may last; 0 or less: any rate may */
void ratelimit_init(struct ratelimit *ratelimit, int per_minute, int64_t now);

/* Takes a token for a new question. */
enum ratelimit_state ratelimit_take(struct ratelimit *ratelimit, int64_t now);

/* Gives it back, when the question was not one that bothered a person. */
void ratelimit_refund(struct ratelimit *ratelimit);
