/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes of the store that wait for its lock: see later.h.
 */
#include "supervision/later.h"

#include <errno.h>
#include <stdlib.h>

#include "supervision/process.h"

#define RETRY_MS 20

struct later {
	TAILQ_ENTRY(later) link;
	struct registry *registry;
	const struct later_ops *ops;
	void *userdata;
	struct event *timer;
	int64_t deadline; /* ms of CLOCK_BOOTTIME */
};

static void end(struct later *later, int result)
{
	TAILQ_REMOVE(&later->registry->later, later, link);
	event_free(later->timer);
	later->ops->done(later->userdata, result);
	free(later);
}

static void try(struct later *later)
{
	const struct timeval pause = {.tv_usec = RETRY_MS * 1000};
	const int result = later->ops->attempt(later->userdata);

	if (result != -EBUSY || process_boottime_ms() >= later->deadline)
		end(later, result);
	else
		evtimer_add(later->timer, &pause);
}

static void on_timer(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	try(userdata);
}

int later_run(struct registry *registry, const struct later_ops *ops,
	      void *userdata, int64_t ms)
{
	struct later *later = calloc(1, sizeof(*later));

	if (!later)
		return -ENOMEM;
	later->registry = registry;
	later->ops = ops;
	later->userdata = userdata;
	later->deadline = process_boottime_ms() + ms;
	later->timer = evtimer_new(registry->loop, on_timer, later);
	if (!later->timer) {
		free(later);
		return -ENOMEM;
	}
	TAILQ_INSERT_TAIL(&registry->later, later, link);
	try(later);
	return 0;
}

void later_finish(struct registry *registry)
{
	struct later *later;

	registry->ending = true;
	while ((later = TAILQ_FIRST(&registry->later)))
		end(later, later->ops->attempt(later->userdata));
}
