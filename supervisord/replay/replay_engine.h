/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine of a run that is judged again: it has no processes and no kernel,
 * only what the trace says was asked. Like every engine it judges by the
 * ruleset that is in force, and puts what that leaves open to its decider.
 */
#pragma once

#include "replay/replay.h"
#include "supervision/domain.h"

/* What comes of a request. Zero it to start. */
struct replay_fate {
	const struct request *request; /* borrowed */
	bool known;
	bool decided; /* by somebody or for want of somebody, not by a rule */
	struct replay_verdict verdict;
	char *who; /* its @who, owned */
};

struct replay_engine {
	struct domain *domain;	 /* its decider */
	struct ruleset *ruleset; /* in force */
	/* The request of an id, NULL when it does not wait. */
	struct replay_fate *(*find)(void *userdata, uint64_t id);
	void *userdata;
};

/*
 * Registers a domain of a supervisor.
 * @engine: its @find and @userdata are set; it does not move from then on
 * @agent: who answers; borrowed; NULL: the plugins do
 * Returns: 0 or a negative errno.
 */
int replay_engine_open(struct replay_engine *engine, struct registry *registry,
		       const char *app, struct agent *agent);

/* Takes one that was not opened, too. */
void replay_engine_close(struct replay_engine *engine);

/*
 * What the rules in force say of a request: one refusal refuses it, and a
 * question about one of its objects is one about all.
 * Returns: the verdict; its @who is the ruleset's
 */
struct replay_verdict replay_engine_judge(const struct replay_engine *engine,
					  const struct request *request);

/*
 * Puts a request, which may be answered before this returns.
 * @fate: of its id; @request is set
 * Returns: 0 or -ENOMEM.
 */
int replay_engine_ask(struct replay_engine *engine, struct replay_fate *fate);

/* It is known what comes of it. Returns: 0 or -ENOMEM. */
int replay_fate_set(struct replay_fate *fate,
		    const struct replay_verdict *verdict);
void replay_fate_finish(struct replay_fate *fate);
