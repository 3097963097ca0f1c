/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The requests of a run that wait for their answer, by their ids.
 */
#pragma once

#include "replay/replay_engine.h"

struct replay_open {
	struct trace_entry entry;
	struct trace_place place;
	struct replay_fate fate;
	struct trace_entry decision; /* zeroed: none yet */
	bool decided;
};

/* Zero it to start. */
struct replay_opens {
	struct replay_open **items; /* by id, which mostly grow */
	size_t count, allocated;
};

/* Returns: NULL when there is none. */
struct replay_open *replay_opens_find(const struct replay_opens *opens,
				      uint64_t id);

/* @open: moved; there is none of its id. Returns: 0 or -ENOMEM. */
int replay_opens_add(struct replay_opens *opens, struct replay_open *open);

/* Takes one out, if there is one; the caller frees it. */
struct replay_open *replay_opens_remove(struct replay_opens *opens,
					uint64_t id);

void replay_opens_finish(struct replay_opens *opens);
void replay_open_free(struct replay_open *open);
