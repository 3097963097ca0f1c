/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the answer to a question can be about: its objects alone, the directory
 * above them, the project, the home directory; or of a port every address.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/request.h"

#define SCOPES_MAX 4

/* Directories that are offered as scopes besides the object's own. */
struct prompt_places {
	const char *project; /* or NULL */
	const char *home;    /* or NULL */
};

/* A choice of [1] to [4]. */
struct scope {
	char *beneath;	  /* NULL: the objects themselves; owned */
	bool port_alone;  /* their ports, whatever the address */
	const char *note; /* in parentheses, or NULL */
};

struct scopes {
	struct scope items[SCOPES_MAX]; /* the objects themselves first */
	size_t count;
};

/*
 * @places: borrowed during the call
 * Returns: 0 or -ENOMEM; scopes_finish() in either case.
 */
int scopes_init(struct scopes *ret, const struct request *request,
		const struct prompt_places *places);

void scopes_finish(struct scopes *scopes);
