/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's side of a Landlock supervisor, which is only played: it has the
 * rules that were staged when they were committed, and hands out the events that
 * a test makes.
 */
#pragma once

#include <limits.h>
#include <stdint.h>

#include "base/landlock_supervisor.h"

#define RULES 16
#define COOKIE 7

struct rule_told {
	char path[PATH_MAX]; /* "": a port */
	uint64_t port;
	uint64_t rights;
};

/* What the kernel is told, and what it says. */
struct played_supervisor {
	struct rule_told staged[RULES], committed[RULES];
	size_t staged_count, committed_count;
	int commits;
	uint32_t answer; /* 0: none yet */
	int times;
	int pipe[2]; /* a byte for each event */
	_Alignas(8) char event[2048];
};
extern struct played_supervisor kernel;
