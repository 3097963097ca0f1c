/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a recorder remembers of requests until they are answered.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/decision.h"
#include "core/request.h"

struct recorder_open {
	/* Borrowed from who asks, until it is kept: see recorder_opens_keep(). */
	const struct request *request;
	struct request *own;  /* the same, kept; NULL: it is borrowed */
	bool decided;	      /* that is in the trace already, */
	enum outcome outcome; /* and this is what came of it */
};

/* Zero it to start. By id, which only grow. */
struct recorder_opens {
	struct recorder_open *items;
	size_t count, allocated;
};

/*
 * Without memory it is forgotten.
 * @request: borrowed until recorder_opens_keep(); most are answered before that
 */
void recorder_opens_add(struct recorder_opens *opens,
			const struct request *request);

/* Copies it, if it is still open; without memory it is forgotten. */
void recorder_opens_keep(struct recorder_opens *opens, uint64_t id);

/* Returns: NULL when it is not known. */
struct recorder_open *recorder_opens_find(const struct recorder_opens *opens,
					  uint64_t id);
void recorder_opens_drop(struct recorder_opens *opens, uint64_t id);
void recorder_opens_finish(struct recorder_opens *opens);
