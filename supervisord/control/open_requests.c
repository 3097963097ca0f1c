/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a monitor has asked and nobody has answered yet.
 */
#include "control/open_requests.h"

#include <errno.h>
#include <stdlib.h>

#include "supervision/wakeup.h"

static void end(struct open_requests *requests, struct open_request *open)
{
	TAILQ_REMOVE(&requests->list, open, link);
	requests->count--;
	request_finish(&open->request);
	free(open);
}

static struct open_request *find_late(const struct open_requests *requests,
				      int64_t now)
{
	struct open_request *open;

	TAILQ_FOREACH (open, &requests->list, link)
		if (open->deadline <= now)
			return open;
	return NULL;
}

static void on_time(void *userdata)
{
	struct open_requests *requests = userdata;
	struct open_request *open;

	/* Whoever is told may end others, or add some. */
	while ((open = find_late(requests, clock_boot(requests->clock)))) {
		const uint64_t id = open->request.id;

		end(requests, open);
		requests->late(requests->userdata, id);
	}
	TAILQ_FOREACH (open, &requests->list, link)
		wakeup_advance(requests->wakeup, open->deadline);
}

int open_requests_init(struct open_requests *requests, struct event_base *loop,
		       const struct clock *clock,
		       void (*late)(void *userdata, uint64_t request_id),
		       void *userdata)
{
	*requests = (struct open_requests){
		.clock = clock, .late = late, .userdata = userdata};
	TAILQ_INIT(&requests->list);
	return wakeup_new(&requests->wakeup, loop, clock, WAKEUP_BOOT, on_time,
			  requests);
}

void open_requests_finish(struct open_requests *requests)
{
	while (!TAILQ_EMPTY(&requests->list))
		end(requests, TAILQ_FIRST(&requests->list));
	requests->wakeup = wakeup_free(requests->wakeup);
}

int open_requests_add(struct open_requests *requests,
		      const struct request *request, int seconds)
{
	struct open_request *open;

	if (requests->count == OPEN_REQUESTS_MAX)
		return -ENOSPC;
	open = calloc(1, sizeof(*open));
	if (!open)
		return -ENOMEM;
	TAILQ_INSERT_TAIL(&requests->list, open, link);
	requests->count++;
	if (request_copy(&open->request, request) < 0) {
		end(requests, open);
		return -ENOMEM;
	}
	open->deadline = clock_boot(requests->clock) + seconds * INT64_C(1000);
	wakeup_advance(requests->wakeup, open->deadline);
	return 0;
}

void open_requests_postpone(struct open_requests *requests, uint64_t request_id,
			    int64_t deadline)
{
	struct open_request *open;

	/* The wakeup that is set comes too early, and looks for the next. */
	TAILQ_FOREACH (open, &requests->list, link)
		if (open->request.id == request_id && open->deadline < deadline)
			open->deadline = deadline;
}

bool open_requests_end(struct open_requests *requests, uint64_t request_id)
{
	struct open_request *open;

	TAILQ_FOREACH (open, &requests->list, link)
		if (open->request.id == request_id) {
			end(requests, open);
			return true;
		}
	return false;
}
