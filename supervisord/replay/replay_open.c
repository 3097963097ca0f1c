/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/replay_open.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void replay_open_free(struct replay_open *open)
{
	trace_entry_finish(&open->entry);
	if (open->decided)
		trace_entry_finish(&open->decision);
	replay_fate_finish(&open->fate);
	free(open);
}

/* Returns: where the request is, or would be. */
static size_t find_place(const struct replay_opens *opens, uint64_t id)
{
	size_t low = 0, high = opens->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (opens->items[middle]->entry.request.request.id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct replay_open *replay_opens_find(const struct replay_opens *opens,
				      uint64_t id)
{
	const size_t at = find_place(opens, id);

	if (at == opens->count ||
	    opens->items[at]->entry.request.request.id != id)
		return NULL;
	return opens->items[at];
}

static int make_room(struct replay_opens *opens)
{
	const size_t allocated = opens->allocated * 2 + 16;
	struct replay_open **open;

	if (opens->count < opens->allocated)
		return 0;
	open = reallocarray(opens->items, allocated, sizeof(*open));
	if (!open)
		return -ENOMEM;
	opens->items = open;
	opens->allocated = allocated;
	return 0;
}

int replay_opens_add(struct replay_opens *opens, struct replay_open *open)
{
	const uint64_t id = open->entry.request.request.id;
	const size_t at = find_place(opens, id);

	if (make_room(opens) < 0)
		return -ENOMEM;
	memmove(opens->items + at + 1, opens->items + at,
		(opens->count - at) * sizeof(*opens->items));
	opens->items[at] = open;
	opens->count++;
	return 0;
}

struct replay_open *replay_opens_remove(struct replay_opens *opens, uint64_t id)
{
	const size_t at = find_place(opens, id);
	struct replay_open *open = replay_opens_find(opens, id);

	if (!open)
		return NULL;
	opens->count--;
	memmove(opens->items + at, opens->items + at + 1,
		(opens->count - at) * sizeof(*opens->items));
	return open;
}

void replay_opens_finish(struct replay_opens *opens)
{
	for (size_t i = 0; i < opens->count; i++)
		replay_open_free(opens->items[i]);
	free(opens->items);
	*opens = (struct replay_opens){0};
}
