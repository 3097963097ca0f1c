/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/recorder_process.h"

#include <stdlib.h>
#include <string.h>

/* Returns: where it is, or @count. Who was seen last is asked about next. */
static size_t find(const struct recorder_processes *processes,
		   struct process_id process)
{
	for (size_t i = processes->count; i-- > 0;)
		if (process_is(processes->items[i], process))
			return i;
	return processes->count;
}

static void take_out(struct recorder_processes *processes, size_t at)
{
	processes->count--;
	memmove(processes->items + at, processes->items + at + 1,
		(processes->count - at) * sizeof(*processes->items));
}

static bool make_room(struct recorder_processes *processes)
{
	const size_t allocated = processes->allocated * 2 + 16;
	struct process_id *items;

	if (processes->count == RECORDER_PROCESSES_MAX)
		take_out(processes, 0);
	if (processes->count < processes->allocated)
		return true;
	items = reallocarray(processes->items, allocated, sizeof(*items));
	if (!items)
		return false;
	processes->items = items;
	processes->allocated = allocated;
	return true;
}

bool recorder_processes_add(struct recorder_processes *processes,
			    struct process_id process)
{
	const size_t at = find(processes, process);
	const bool known = at < processes->count;

	if (known)
		take_out(processes, at);
	else if (!make_room(processes))
		return false;
	processes->items[processes->count++] = process;
	return !known;
}

bool recorder_processes_drop(struct recorder_processes *processes,
			     struct process_id process)
{
	const size_t at = find(processes, process);

	if (at == processes->count)
		return false;
	take_out(processes, at);
	return true;
}

void recorder_processes_finish(struct recorder_processes *processes)
{
	free(processes->items);
	*processes = (struct recorder_processes){0};
}
