/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was allowed once: see once.h. */
#include "supervised/once.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"

#define KEPT_MAX 256 /* more than calls have that wait at a time, mostly */

struct kept {
	uint64_t call; /* 0: none */
	struct object object;
	rights_t rights;
};

struct once {
	struct kept items[KEPT_MAX];
	size_t next; /* the oldest */
};

int once_new(struct once **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

struct once *once_free(struct once *once)
{
	if (!once)
		return NULL;
	for (size_t i = 0; i < KEPT_MAX; i++)
		if (once->items[i].call)
			object_finish(&once->items[i].object);
	free(once);
	return NULL;
}

void once_add(struct once *once, uint64_t call, const struct object *object,
	      rights_t rights)
{
	struct kept *kept = &once->items[once->next];
	struct kept added = {.call = call, .rights = rights};

	if (!call || object_copy(&added.object, object))
		return;
	if (kept->call)
		object_finish(&kept->object);
	*kept = added;
	once->next = (once->next + 1) % KEPT_MAX;
}

rights_t once_rights(const struct once *once, uint64_t call,
		     const struct object *object)
{
	rights_t rights = 0;

	for (size_t i = 0; call && i < KEPT_MAX; i++)
		if (once->items[i].call == call &&
		    object_equal(&once->items[i].object, object))
			rights |= once->items[i].rights;
	return rights;
}

bool once_covers(const struct once *once, uint64_t call,
		 const struct judged_detail *detail)
{
	for (size_t i = 0; i < detail->missing_count; i++)
		if (detail->missing[i].rights &
		    ~once_rights(once, call, &detail->missing[i].object))
			return false;
	return detail->missing_count;
}
