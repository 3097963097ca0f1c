/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes of the store that wait for its lock: see later.h.
 */
#include "supervision/later.h"

#include <errno.h>
#include <stdlib.h>

#include "supervision/wakeup.h"

#define RETRY_MS 20

struct later {
	TAILQ_ENTRY(later) link;
	const struct later_ops *ops;
	void *userdata;
	int64_t next, deadline; /* ms since boot */
};

static void end(struct registry *registry, struct later *later, int error)
{
	TAILQ_REMOVE(&registry->later, later, link);
	later->ops->done(later->userdata, error);
	free(later);
}

static void try(struct registry *registry, struct later *later)
{
	const int error = later->ops->attempt(later->userdata);
	const int64_t now = clock_boot(registry->clock);

	if (error != -EBUSY || now >= later->deadline) {
		end(registry, later, error);
		return;
	}
	later->next = now + RETRY_MS;
	wakeup_advance(registry->retry, later->next);
}

/* Returns: one whose turn has come, or NULL; then the next turn is set. */
static struct later *find_due(struct registry *registry)
{
	const int64_t now = clock_boot(registry->clock);
	struct later *later;

	TAILQ_FOREACH (later, &registry->later, link) {
		if (later->next <= now)
			return later;
		wakeup_advance(registry->retry, later->next);
	}
	return NULL;
}

void later_retry(struct registry *registry)
{
	struct later *later;

	while ((later = find_due(registry)))
		try(registry, later);
}

int later_run(struct registry *registry, const struct later_ops *ops,
	      void *userdata, int64_t ms)
{
	struct later *later = calloc(1, sizeof(*later));

	if (!later)
		return -ENOMEM;
	*later = (struct later){
		.ops = ops,
		.userdata = userdata,
		.deadline = clock_boot(registry->clock) + ms,
	};
	TAILQ_INSERT_TAIL(&registry->later, later, link);
	try(registry, later);
	return 0;
}

void later_finish(struct registry *registry)
{
	struct later *later;

	registry->ending = true;
	while ((later = TAILQ_FIRST(&registry->later)))
		end(registry, later, later->ops->attempt(later->userdata));
}
