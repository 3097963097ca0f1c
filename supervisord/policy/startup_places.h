/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the places are that startup.h is about.
 */
#pragma once

#include "policy/resolve.h"

struct startup_place {
	const char *path; /* canonical, if the user's directories are */
	const char *base; /* where its group is; NULL: nowhere */
	const char *meaning;
};

typedef int (*startup_visit_fn)(void *userdata,
				const struct startup_place *place);

/*
 * Visits each by its name and, where a link leads elsewhere, by what it leads
 * to as well.
 * @memo: of resolve.h; may be NULL
 * Returns: 0; -ENOMEM; or the first other result of the callback.
 */
int startup_visit(struct resolve_memo *memo, startup_visit_fn callback,
		  void *userdata);
