/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a replay is expected to come to: the output of an earlier one, with
 * --all --json.
 */
#pragma once

#include <stdio.h>

#include "trace/replay_result.h"

struct replay_expect {
	FILE *file;
	const char *name;
	unsigned int line;
	char *text; /* of the line; owned */
	size_t allocated;
	char *who; /* of the verdict that was read last; owned */
};

/* @name: borrowed. Returns: 0 or a negative errno. */
int replay_expect_open(struct replay_expect *ret, const char *name);

/*
 * Reads what is expected of the next result.
 * @ret: valid until the next call
 * Returns: 1, 0 at the end, -EINVAL for a line that is no result, -ENOMEM.
 */
int replay_expect_next(struct replay_expect *expect,
		       struct replay_verdict *ret);

/* Takes one that is zeroed. */
void replay_expect_close(struct replay_expect *expect);
