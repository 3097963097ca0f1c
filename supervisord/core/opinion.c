/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opinions: see opinion.h. */
#include "core/opinion.h"

void opinions_overlay(struct opinions *known, struct opinions *found)
{
	for (enum layer layer = 0; layer < LAYERS_; layer++) {
		struct opinion *const mine = &known->of[layer];
		struct opinion *const its = &found->of[layer];
		rights_t decided = 0;

		/* Effects are in the order in which they win a tie. */
		for (enum effect effect = 0; effect < EFFECTS_; effect++) {
			const rights_t rights = its->by[effect] & ~decided;

			decided |= rights;
			its->by[effect] = rights;
		}
		/* A guard leaves alone what is denied from above. */
		decided &= ~(its->by[EFFECT_GUARD] & mine->by[EFFECT_DENY]);
		its->by[EFFECT_GUARD] &= decided;
		for (enum effect effect = 0; effect < EFFECTS_; effect++)
			mine->by[effect] =
				(mine->by[effect] & ~decided) | its->by[effect];
	}
}

static rights_t asked_by(const struct opinion *opinion)
{
	return opinion->by[EFFECT_ASK] | opinion->by[EFFECT_GUARD];
}

void opinions_spare(const struct opinions *known, struct opinions *found)
{
	for (enum layer layer = 0; layer < LAYERS_; layer++) {
		const struct opinion *const mine = &known->of[layer];

		found->of[layer].by[EFFECT_ALLOW] &=
			~(mine->by[EFFECT_DENY] | asked_by(mine));
	}
}

struct verdict opinions_combine(const struct opinions *opinions)
{
	const struct opinion *const admin = &opinions->of[LAYER_ADMIN];
	const struct opinion *const user = &opinions->of[LAYER_USER];
	const struct opinion *const vendor = &opinions->of[LAYER_VENDOR];
	struct verdict verdict = {
		.allowed = admin->by[EFFECT_ALLOW],
		.denied = admin->by[EFFECT_DENY],
	};
	rights_t open = ~(verdict.allowed | verdict.denied);

	verdict.allowed |= open & user->by[EFFECT_ALLOW];
	verdict.denied |= open & user->by[EFFECT_DENY];
	open = ~(verdict.allowed | verdict.denied | asked_by(admin) |
		 asked_by(user));
	verdict.allowed |= open & vendor->by[EFFECT_ALLOW];
	verdict.denied |= open & vendor->by[EFFECT_DENY];
	return verdict;
}
