/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/recorder_open.h"

#include <stdlib.h>
#include <string.h>

void recorder_opens_add(struct recorder_opens *opens,
			const struct request *request)
{
	const size_t allocated = opens->allocated * 2 + 8;

	if (opens->count == opens->allocated) {
		struct recorder_open *items =
			reallocarray(opens->items, allocated, sizeof(*items));

		if (!items)
			return;
		opens->items = items;
		opens->allocated = allocated;
	}
	opens->items[opens->count++] =
		(struct recorder_open){.request = request};
}

/* Returns: where it is, or @count. */
static size_t find(const struct recorder_opens *opens, uint64_t id)
{
	size_t low = 0, high = opens->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (opens->items[middle].request->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < opens->count && opens->items[low].request->id == id
		       ? low
		       : opens->count;
}

struct recorder_open *recorder_opens_find(const struct recorder_opens *opens,
					  uint64_t id)
{
	const size_t at = find(opens, id);

	return at < opens->count ? &opens->items[at] : NULL;
}

static struct request *copy_request(const struct request *request)
{
	struct request *copy = malloc(sizeof(*copy));

	if (copy && request_copy(copy, request) == 0)
		return copy;
	free(copy);
	return NULL;
}

static void free_request(struct request *request)
{
	if (request)
		request_finish(request);
	free(request);
}

void recorder_opens_keep(struct recorder_opens *opens, uint64_t id)
{
	struct recorder_open *open = recorder_opens_find(opens, id);

	if (!open || open->own)
		return;
	open->own = copy_request(open->request);
	if (open->own)
		open->request = open->own;
	else
		recorder_opens_drop(opens, id);
}

void recorder_opens_drop(struct recorder_opens *opens, uint64_t id)
{
	const size_t at = find(opens, id);

	if (at == opens->count)
		return;
	free_request(opens->items[at].own);
	opens->count--;
	memmove(opens->items + at, opens->items + at + 1,
		(opens->count - at) * sizeof(*opens->items));
}

void recorder_opens_finish(struct recorder_opens *opens)
{
	for (size_t i = 0; i < opens->count; i++)
		free_request(opens->items[i].own);
	free(opens->items);
	*opens = (struct recorder_opens){0};
}
