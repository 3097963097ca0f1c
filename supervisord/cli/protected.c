/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/protected.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int note_place(void *userdata, const char *path, bool beneath)
{
	struct protected_places *places = userdata;
	const size_t allocated = places->allocated * 2 + 64;

	(void)beneath;
	if (places->count == places->allocated) {
		char **items =
			reallocarray(places->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		places->items = items;
		places->allocated = allocated;
	}
	places->items[places->count] = strdup(path);
	return places->items[places->count++] ? 0 : -ENOMEM;
}

int protected_places_init(struct protected_places *ret,
			  const struct ruleset *ruleset)
{
	*ret = (struct protected_places){.ruleset = ruleset};
	return ruleset_each_refusal(ruleset, note_place, ret);
}

void protected_places_finish(struct protected_places *places)
{
	for (size_t i = 0; i < places->count; i++)
		free(places->items[i]);
	free(places->items);
	*places = (struct protected_places){0};
}

static bool is_refused(const struct protected_places *places, const char *path,
		       rights_t rights)
{
	const struct judgement refused = ruleset_refused(
		places->ruleset, path, strlen(path), rights, PROCESS_NONE);

	return refused.denied || refused.asked;
}

enum suggest_protection
protected_places_look(const struct protected_places *places, const char *path,
		      rights_t rights)
{
	if (is_refused(places, path, rights))
		return SUGGEST_ITSELF;
	for (size_t i = 0; i < places->count; i++)
		if (places->items[i] &&
		    path_is_beneath(places->items[i], path) &&
		    is_refused(places, places->items[i], rights))
			return SUGGEST_BENEATH;
	return SUGGEST_FREE;
}
