/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of a herd, for herd.c and seizure.c: see herd.h. */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "seccomp/recall/held_thread.h"

#define HERD_BUCKETS 256

struct herd {
	LIST_HEAD(, held_thread) buckets[HERD_BUCKETS];
	pid_t monitor;
	int own_filters; /* the monitor's */
	/* One round. */
	bool found;
	/* The process that is looked at: it is of the tree, and marked. */
	bool scanned_supervised, scanned_done;
	bool unmarked;
	pid_t killed; /* the last one that it was said of */
};

/* Returns: NULL when it is not known. */
struct held_thread *herd_find(const struct herd *herd, pid_t tid);

/* Returns: NULL without memory, and then its process is killed. */
struct held_thread *herd_add(struct herd *herd, pid_t tid, pid_t tgid,
			     enum stand stand);
