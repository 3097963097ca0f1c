/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a helper program says: one JSON object a line.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/decision.h"
#include "plugin/backend.h"

struct exec_answer {
	uint64_t id;
	enum plugin_reply verdict; /* PLUGIN_PASS or PLUGIN_DECIDED */
	/* PLUGIN_DECIDED: owned; its agent is for the caller to name. */
	struct decision decision;
};

/*
 * Parses {"id": 1, "answer": "pass"}, or as the answer what --answer of
 * landlord-run(1) takes.
 * @now: seconds since the epoch, from which lifetimes count
 * Returns: 0, or -EINVAL for what is neither (*ret untouched).
 */
int exec_answer_parse(const char *line, size_t length, int64_t now,
		      struct exec_answer *ret);

void exec_answer_finish(struct exec_answer *answer);
