/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processes that a recorder has written a line of, until they end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/process_id.h"

/* More are not remembered: whoever has been quiet longest is told anew. */
#define RECORDER_PROCESSES_MAX 4096

/* Zero it to start. */
struct recorder_processes {
	struct process_id *items; /* who was seen last is last */
	size_t count, allocated;
};

/* Returns: whether it is new; without memory it is not. */
bool recorder_processes_add(struct recorder_processes *processes,
			    struct process_id process);

/* Returns: whether it was there. */
bool recorder_processes_drop(struct recorder_processes *processes,
			     struct process_id process);
void recorder_processes_finish(struct recorder_processes *processes);
