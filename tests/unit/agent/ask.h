/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of agents share: a question about a path, and what was decided.
 */
#pragma once

#include "agent/agent.h"

/* A request of two accesses at most; zero it, then add accesses. */
void ask_path(struct request *request, const char *path, rights_t missing);
void ask_port(struct request *request, uint16_t port, rights_t missing);

/* Fills in who asks: "cat", /usr/bin/cat, pid 100, started by a shell. */
void ask_subject(struct request *request);

/* What an agent answered last, as "allow:session:beneath:/x" or "" if not. */
struct answered {
	char text[256];
	uint64_t id;
	unsigned int count;
	bool gone;
};

/* Events that note answers; userdata is a struct answered. */
extern const struct agent_events answered_events;

/* Puts a question to an agent whose events are answered_events. */
int ask(struct agent *agent, uint64_t id, const struct request *request);
