/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Merge sort: see list_sort.h. */
#include "base/list_sort.h"

#include <string.h>

/* The pointers are of a type that is not known here. */
static void *next_of(const void *node, size_t link)
{
	void *next;

	memcpy(&next, (const char *)node + link, sizeof(next));
	return next;
}

static void set_next(void *node, size_t link, void *next)
{
	memcpy((char *)node + link, &next, sizeof(next));
}

/* Takes the first node off a list. */
static void *take(void **list, size_t link)
{
	void *const node = *list;

	*list = next_of(node, link);
	return node;
}

static void *merge(void *a, void *b, size_t link,
		   bool (*comes_first)(const void *, const void *))
{
	void *first = take(comes_first(b, a) ? &b : &a, link), *last = first;

	while (a && b) {
		void *const node = take(comes_first(b, a) ? &b : &a, link);

		set_next(last, link, node);
		last = node;
	}
	set_next(last, link, a ? a : b);
	return first;
}

void *list_sort(void *list, size_t link,
		bool (*comes_first)(const void *, const void *))
{
	void *middle = list, *half;

	if (!list || !next_of(list, link))
		return list;
	for (void *end = next_of(list, link); end && (end = next_of(end, link));
	     end = next_of(end, link))
		middle = next_of(middle, link);
	half = next_of(middle, link);
	set_next(middle, link, NULL);
	return merge(list_sort(list, link, comes_first),
		     list_sort(half, link, comes_first), link, comes_first);
}
