/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of the landlock engine, for the files that it is made of.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "engine/engine.h"
#include "engine/pending.h"

struct committed;
struct once;
struct remote;
struct wards;

struct supervised {
	struct engine engine;
	const struct engine_host *host;

	/* The engine of what the kernel does not ask about, and what it is told
	 * of us. */
	struct engine *rest;
	struct engine_host rest_host;
	struct engine_beside beside;

	struct decider *decider;
	int supervisor; /* of the kernel's Landlock */
	int supervisee; /* its domain, until the program is in it */
	int events;	/* what is denied there */
	struct event *readable;
	pid_t monitor;	      /* this process */
	char *control_socket; /* of whoever decides; canonical */

	struct committed *committed;
	struct wards *wards;
	struct remote *remote; /* tells of changed mounts */
	struct once *once;
	struct pending_list pending; /* inquiries */
	bool told_lost;
};
