/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open requests: what a monitor has asked and nobody has answered yet. Each has
 * a deadline of its own, so that none waits for a daemon that is not there, nor
 * longer where the machine sleeps meanwhile.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "core/request.h"

#define OPEN_REQUESTS_MAX 4096

struct open_request {
	TAILQ_ENTRY(open_request) link;
	struct request request;
	int64_t deadline; /* milliseconds since boot */
};

struct open_requests {
	TAILQ_HEAD(, open_request) list;
	size_t count;
	const struct clock *clock;
	struct wakeup *wakeup; /* at the next deadline */
	/* The deadline of one has passed; it is no longer in the list. */
	void (*late)(void *userdata, uint64_t request_id);
	void *userdata;
};

/* Returns: 0 or a negative errno; to be finished in either case. */
int open_requests_init(struct open_requests *requests, struct event_base *loop,
		       const struct clock *clock,
		       void (*late)(void *userdata, uint64_t request_id),
		       void *userdata);
void open_requests_finish(struct open_requests *requests);

/* Adds a copy of a request. Returns: 0, -ENOSPC or -ENOMEM. */
int open_requests_add(struct open_requests *requests,
		      const struct request *request, int seconds);

/* Gives one until then, in milliseconds since boot, if that is later. */
void open_requests_postpone(struct open_requests *requests, uint64_t request_id,
			    int64_t deadline);

/* Takes one out. Returns: whether it was open. */
bool open_requests_end(struct open_requests *requests, uint64_t request_id);
