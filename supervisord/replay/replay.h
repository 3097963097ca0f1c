/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay: what was asked, judged again, by the rules of today and the clock of
 * the trace.
 *
 * It is what the daemon does, with another engine and another clock: a
 * supervisor (supervision/) has a domain for each run of the trace, and the run
 * is its engine. What the rules in force leave open is put to it, its plugins
 * and agents decide, what comes of that is committed, and lasts as long as was
 * said. There are three kinds of who answers: those who did then (a plugin that
 * knows what they said, as long as the same is asked), an agent of now, or
 * nobody. So a run whose policy has not changed ends as it did, and every
 * difference has its reason in a rule or in an answer. Nothing depends on this
 * machine or on the time.
 */
#pragma once

#include <event2/event.h>

#include "agent/agent.h"
#include "replay/replay_clock.h"
#include "trace/replay_result.h"

/* Runs that are open at once; the one that has been quiet longest goes first.
 */
#define REPLAY_RUNS_MAX 256
/* Requests of one run that are open at once. */
#define REPLAY_OPEN_MAX 16384
/*
 * Questions of one run that are; then the oldest has had no answer. No run has
 * had as many: the lines that end them are lost.
 */
#define REPLAY_QUESTIONS_MAX 1024

struct replay_options {
	/*
	 * All rules of an app; called once for each, or again when it has not
	 * been met for long. NULL: those that the trace has.
	 * @app: "unknown": the trace does not say
	 * Returns: 0, or a negative errno: the replay ends with it.
	 */
	int (*load)(void *userdata, const char *app, struct rules *ret);
	/* Who answers; borrowed. NULL: who did then. */
	struct agent *agent;
	/* By the policy only: nobody is asked, and no answer makes rules. */
	bool policy_only;
	void (*judged)(void *userdata, const struct replay_result *result);
	/* What was refused whatever the rules say: @new is @old (NULL: it is
	 * of no interest). */
	void (*fixed)(void *userdata, const struct replay_result *result);
	void *userdata;
	/* Where an agent waits for a person, and the time that it is for it;
	 * both borrowed, NULL: its own. */
	struct event_base *loop;
	struct replay_clock *clock;
};

struct replay;

/* @options: borrowed. Returns: 0 or a negative errno. */
int replay_new(struct replay **ret, const struct replay_options *options);

/* Takes NULL; always returns NULL. */
struct replay *replay_free(struct replay *replay);

/*
 * Takes the next entry.
 * @entry: moved
 * Returns: 0, or a negative errno of what the options say, or -ENOMEM.
 */
int replay_take(struct replay *replay, struct trace_entry *entry,
		const struct trace_place *place);

/* Ends all runs: what was open has not been answered. Returns: the same. */
int replay_end(struct replay *replay);

struct replay_counts replay_counts(const struct replay *replay);
