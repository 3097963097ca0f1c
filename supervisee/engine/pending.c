/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What waits for an answer: see pending.h. */
#include "engine/pending.h"

#include <sys/resource.h>

#define PENDING_MAX 16384 /* open requests of one tree */
#define PENDING_FILES 2	  /* descriptors that each may need */
#define RESERVED_FILES 256

void pending_init(struct pending_list *ret, enum pending_ids ids)
{
	*ret = (struct pending_list){.step = ids == PENDING_ALL ? 1 : 2};
	TAILQ_INIT(&ret->all);
	if (ids == PENDING_ODD)
		ret->last_request--; /* the first one is 1 */
}

void pending_add(struct pending_list *list, struct pending *pending)
{
	TAILQ_INSERT_TAIL(&list->all, pending, link);
	list->count++;
}

void pending_remove(struct pending_list *list, struct pending *pending)
{
	if (list->looked_at == pending)
		list->looked_at = TAILQ_NEXT(pending, link);
	TAILQ_REMOVE(&list->all, pending, link);
	list->count--;
}

static unsigned int pending_max(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 ||
	    files.rlim_cur / PENDING_FILES >= PENDING_MAX)
		return PENDING_MAX;
	if (files.rlim_cur <= 2 * RESERVED_FILES)
		return (unsigned int)files.rlim_cur / PENDING_FILES / 2;
	return (unsigned int)(files.rlim_cur - RESERVED_FILES) / PENDING_FILES;
}

bool pending_has_room(const struct pending_list *list)
{
	return list->count < pending_max();
}

int pending_ask(struct pending_list *list, struct pending *pending,
		struct decider *decider, struct request *request)
{
	int error;

	list->last_request += list->step;
	pending->request_id = request->id = list->last_request;
	pending_add(list, pending);
	error = decider->ops->ask(decider, request);
	if (error)
		pending_remove(list, pending);
	return error;
}

struct pending *pending_find(const struct pending_list *list,
			     uint64_t request_id)
{
	struct pending *pending;

	TAILQ_FOREACH (pending, &list->all, link)
		if (pending->request_id == request_id)
			return pending;
	return NULL;
}

void pending_look(struct pending_list *list, struct decider *decider,
		  unsigned int count, bool (*gone)(struct pending *pending),
		  void (*drop)(struct pending *pending))
{
	struct pending *pending = list->looked_at, *next;

	if (!pending)
		pending = TAILQ_FIRST(&list->all);
	for (; pending && count; pending = next, count--) {
		next = TAILQ_NEXT(pending, link);
		if (!gone(pending))
			continue;
		pending_remove(list, pending);
		if (pending->request_id)
			decider->ops->withdraw(decider, pending->request_id);
		drop(pending);
	}
	list->looked_at = pending;
}

struct pending *pending_take(struct pending_list *list)
{
	struct pending *pending = TAILQ_FIRST(&list->all);

	if (pending)
		pending_remove(list, pending);
	return pending;
}
