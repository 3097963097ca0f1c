/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policies that traces are judged by, each loaded once.
 */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>

#include "core/ruleset.h"

#define REPLAY_POLICIES_MAX 64

/* What files and grants say of an app. */
struct replay_policy {
	struct rules rules;
	struct ruleset *ruleset;
};

struct replay_policies {
	SLIST_HEAD(, replay_app) apps;
	const char *files[REPLAY_POLICIES_MAX + 1]; /* --policy */
	size_t files_count;
	const char *app; /* of all runs; NULL: as the trace says */
	bool only;	 /* the files, and nothing of this machine */
};

/* One more of @files, which is borrowed. Returns: whether there is room. */
bool replay_policies_add(struct replay_policies *policies, const char *file);

/*
 * Finds or loads the policy of an app: what `landlord run` would load here,
 * with the grants. What is wrong with a file is told on standard error.
 * @app: NULL: not known
 * Returns: 0, or a negative errno: not all of it was understood.
 */
int replay_policies_get(struct replay_policies *policies, const char *app,
			const struct replay_policy **ret);

/* The same, as what a replay loads. @userdata: struct replay_policies */
int replay_policies_load(void *userdata, const char *app, struct rules *ret);

void replay_policies_finish(struct replay_policies *policies);
