/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a monitor has asked and nobody has answered yet.
 */
#include "control/open_requests.h"

#include <errno.h>
#include <stdlib.h>

void open_requests_init(struct open_requests *requests, struct event_base *loop,
			void (*late)(void *userdata, uint64_t request_id),
			void *userdata)
{
	*requests = (struct open_requests){
		.loop = loop,
		.late = late,
		.userdata = userdata,
	};
	TAILQ_INIT(&requests->list);
}

static void end(struct open_request *open)
{
	TAILQ_REMOVE(&open->requests->list, open, link);
	open->requests->count--;
	if (open->deadline)
		event_free(open->deadline);
	request_finish(&open->request);
	free(open);
}

void open_requests_finish(struct open_requests *requests)
{
	while (!TAILQ_EMPTY(&requests->list))
		end(TAILQ_FIRST(&requests->list));
}

static void on_deadline(evutil_socket_t fd, short events, void *userdata)
{
	struct open_request *open = userdata;
	struct open_requests *requests = open->requests;
	const uint64_t id = open->request.id;

	(void)fd;
	(void)events;
	end(open);
	requests->late(requests->userdata, id);
}

int open_requests_add(struct open_requests *requests,
		      const struct request *request, int seconds)
{
	const struct timeval deadline = {.tv_sec = seconds};
	struct open_request *open;

	if (requests->count == OPEN_REQUESTS_MAX)
		return -ENOSPC;
	open = calloc(1, sizeof(*open));
	if (!open)
		return -ENOMEM;
	open->requests = requests;
	TAILQ_INSERT_TAIL(&requests->list, open, link);
	requests->count++;
	open->deadline = evtimer_new(requests->loop, on_deadline, open);
	if (request_copy(&open->request, request) < 0 || !open->deadline ||
	    evtimer_add(open->deadline, &deadline) < 0) {
		end(open);
		return -ENOMEM;
	}
	return 0;
}

bool open_requests_end(struct open_requests *requests, uint64_t request_id)
{
	struct open_request *open;

	TAILQ_FOREACH (open, &requests->list, link)
		if (open->request.id == request_id) {
			end(open);
			return true;
		}
	return false;
}
