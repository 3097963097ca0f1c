/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flood: the limit on how often one domain may bother a person.
 */
#include "supervision/ratelimit.h"

void ratelimit_init(struct ratelimit *ratelimit, int per_minute, int64_t now)
{
	*ratelimit = (struct ratelimit){
		.tokens = RATELIMIT_BURST,
		.refill = per_minute > 0 ? 60000 / per_minute : 0,
		.refilled = now,
		.last = now,
	};
}

static void refill(struct ratelimit *ratelimit, int64_t now)
{
	int64_t earned;

	if (ratelimit->refill == 0) {
		ratelimit->tokens = RATELIMIT_BURST;
		return;
	}
	earned = (now - ratelimit->refilled) / ratelimit->refill;
	if (earned <= 0)
		return;
	ratelimit->refilled += earned * ratelimit->refill;
	if (earned >= RATELIMIT_BURST - (int64_t)ratelimit->tokens)
		ratelimit->tokens = RATELIMIT_BURST;
	else
		ratelimit->tokens += (unsigned int)earned;
}

enum ratelimit_state ratelimit_take(struct ratelimit *ratelimit, int64_t now)
{
	const int64_t quiet = now - ratelimit->last;

	ratelimit->last = now;
	refill(ratelimit, now);
	if (ratelimit->flooding && quiet < RATELIMIT_QUIET_MS)
		return RATELIMIT_DENY;
	ratelimit->flooding = ratelimit->tokens == 0;
	if (ratelimit->flooding)
		return RATELIMIT_BEGINS;
	ratelimit->tokens--;
	return RATELIMIT_PASS;
}

void ratelimit_refund(struct ratelimit *ratelimit)
{
	if (ratelimit->tokens < RATELIMIT_BURST)
		ratelimit->tokens++;
}
