/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How processes of the tree end, for the record, including those that are not
 * our children.
 */
#pragma once

#include <event2/event.h>

#include "core/process_id.h"

/* So many are watched at once; of others nothing is told. */
#define EXITS_MAX 1024

struct exits;

/*
 * @ended: @status is as a shell has it, -1 where it cannot be known
 * Returns: 0 or -ENOMEM.
 */
int exits_new(struct exits **ret, struct event_base *loop,
	      void (*ended)(void *userdata, struct process_id process,
			    int status),
	      void *userdata);

/* Watches a process; one that cannot be watched is not. */
void exits_watch(struct exits *exits, struct process_id process);

/* Tells of those that have ended meanwhile. Takes NULL; returns NULL. */
struct exits *exits_free(struct exits *exits);
