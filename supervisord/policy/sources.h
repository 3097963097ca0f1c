/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources: the directories that an app's policy is read from, and which names
 * in them matter.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"

struct source {
	char *path; /* of a directory; owned */
	char *file; /* the only name that matters there; owned; NULL: those
		     * that policy files and directories have */
};

struct sources {
	struct source *items;
	size_t count, allocated;
};

/*
 * Lists the sources of an app; they need not exist.
 * @ret: empty; to be finished also after a failure
 * Returns: 0 or -ENOMEM.
 */
int sources_list(const char *app, const struct policy_options *options,
		 struct sources *ret);

void sources_finish(struct sources *sources);

/*
 * Whether a name in the directory of a source is one that matters.
 * @name: "" is the directory itself
 */
bool source_concerns(const struct source *source, const char *name);

/*
 * A number that in all likelihood differs once anything that matters in the
 * sources has been made, changed, replaced or removed. It costs one stat(2) a
 * file, and is for when nobody tells of changes.
 */
uint64_t sources_signature(const struct sources *sources);
