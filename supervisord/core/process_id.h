/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process, identified for as long as the system runs: its number alone is
 * reused.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_id {
	pid_t pid;	/* 0: none */
	uint64_t start; /* in clock ticks since boot, as in proc_pid_stat(5) */
};

#define PROCESS_NONE ((struct process_id){0})

static inline bool process_is(struct process_id a, struct process_id b)
{
	return a.pid == b.pid && a.start == b.start;
}
