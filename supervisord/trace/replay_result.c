/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/replay_result.h"

static const char *const outcomes[] = {
	[REPLAY_ALLOW] = "allow",
	[REPLAY_DENY] = "deny",
	[REPLAY_ASK] = "ask",
};

const char *replay_outcome_name(enum replay_outcome outcome)
{
	return outcomes[outcome];
}
