/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A supervisor in a folder of the test's own and in a time that only the test
 * moves: nothing of the user's is read or written, and nothing is waited for.
 */
#pragma once

#include "base/clock.h"
#include "supervision/supervisor.h"
#include "world.h"

#define VIRTUAL_SECOND INT64_C(1000000000)
#define VIRTUAL_HOUR (3600 * VIRTUAL_SECOND)

static int64_t virtual_wall = 1700000000 * VIRTUAL_SECOND;
static int64_t virtual_boot = 1000 * VIRTUAL_SECOND;

static inline int64_t virtual_read_wall(const struct clock *clock)
{
	(void)clock;
	return virtual_wall;
}

static inline int64_t virtual_read_boot(const struct clock *clock)
{
	(void)clock;
	return virtual_boot;
}

static const struct clock virtual_clock = {
	.wall = virtual_read_wall,
	.boot = virtual_read_boot,
};

static char virtual_folder[] = "/tmp/landlord-test.XXXXXX";

/* @clock: &virtual_clock, or another */
static inline struct supervisor *
virtual_open(struct event_base *loop, const struct clock *clock, bool watch)
{
	static char user[64], grants[64], run[64], log[64];
	const struct policy_options places = {
		.user_dir = user,
		.grants_dir = grants,
		.runtime_dir = run,
	};
	const struct supervisor_options options = {
		.no_watch = !watch,
		.log_path = log,
		.clock = clock,
		.places = &places,
	};
	struct supervisor *supervisor;

	ck_assert_ptr_nonnull(mkdtemp(virtual_folder));
	/* What policies call $HOME. */
	setenv("HOME", virtual_folder, 1);
	snprintf(user, sizeof(user), "%s/policy", virtual_folder);
	snprintf(grants, sizeof(grants), "%s/grants", virtual_folder);
	snprintf(run, sizeof(run), "%s/run", virtual_folder);
	snprintf(log, sizeof(log), "%s/log.jsonl", virtual_folder);
	ck_assert_int_eq(supervisor_new(&supervisor, loop, &options), 0);
	return supervisor;
}

static inline void virtual_close(struct supervisor *supervisor)
{
	supervisor_free(supervisor);
	directory_remove(strdup(virtual_folder));
}

/* Time goes by, and what has become due is done. */
static inline void virtual_pass(struct supervisor *supervisor, int64_t ms)
{
	virtual_wall += ms * 1000000;
	virtual_boot += ms * 1000000;
	supervisor_look(supervisor);
}
