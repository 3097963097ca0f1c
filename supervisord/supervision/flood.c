/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flood: the limit on how often one domain may bother a person.
 */
#include "supervision/flood.h"

void flood_init(struct flood *flood, int per_minute, int64_t now)
{
	*flood = (struct flood){
		.tokens = FLOOD_BURST,
		.refill = per_minute > 0 ? 60000 / per_minute : 0,
		.refilled = now,
		.last = now,
	};
}

static void refill(struct flood *flood, int64_t now)
{
	int64_t earned;

	if (flood->refill == 0) {
		flood->tokens = FLOOD_BURST;
		return;
	}
	earned = (now - flood->refilled) / flood->refill;
	if (earned <= 0)
		return;
	flood->refilled += earned * flood->refill;
	if (earned >= FLOOD_BURST - (int64_t)flood->tokens)
		flood->tokens = FLOOD_BURST;
	else
		flood->tokens += (unsigned int)earned;
}

enum flood_state flood_take(struct flood *flood, int64_t now)
{
	const int64_t quiet = now - flood->last;

	flood->last = now;
	refill(flood, now);
	if (flood->flooding && quiet < FLOOD_QUIET_MS)
		return FLOOD_DENY;
	flood->flooding = flood->tokens == 0;
	if (flood->flooding)
		return FLOOD_BEGINS;
	flood->tokens--;
	return FLOOD_PASS;
}

void flood_refund(struct flood *flood)
{
	if (flood->tokens < FLOOD_BURST)
		flood->tokens++;
}
