/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay: what was asked, judged again, by the rules of today and the clock of
 * the trace.
 *
 * Each request is judged when it was asked. One that no rule decides gets the
 * answer that it got then, or another one's; the rules that come of it are in
 * force from then on, as long as its lifetime says. So a run whose policy has
 * not changed ends as it did, and every difference has its reason in a rule or
 * in an answer. Nothing depends on this machine or on the time.
 */
#pragma once

#include "trace/reader.h"
#include "trace/replay_rules.h"
#include "trace/trace_entry.h"

/* Runs that are open at once; the one that has been quiet longest goes first.
 */
#define REPLAY_RUNS_MAX 256
/* Requests of one run that are open at once. */
#define REPLAY_OPEN_MAX 16384

enum replay_outcome {
	REPLAY_ALLOW,
	REPLAY_DENY,
	REPLAY_ASK, /* a question that nobody has answered: it was denied */
};

struct replay_verdict {
	enum replay_outcome outcome;
	enum trace_by by;
	const char *who; /* where the rule is from, or the agent; may be NULL */
};

/* Something that was judged; valid during the call. */
struct replay_result {
	struct trace_place place; /* of the line that asks */
	int64_t time;		  /* of it, as in an entry */
	int64_t answered; /* when it was answered; 0: at once, or never */
	const char *run, *app;
	const char *home; /* of the user who ran it; NULL: not known */
	const struct trace_request *request;
	struct replay_verdict old, new;
};

struct replay_options {
	/*
	 * The policy of a run; it lives as long as the replay.
	 * @ret: NULL: the one in the trace
	 * Returns: 0, or a negative errno: the replay ends with it.
	 */
	int (*policy)(void *userdata, const struct trace_header *header,
		      const struct replay_policy **ret);
	/*
	 * Answers a request that no rule decides; NULL: as it was answered.
	 * @ret: finished by the replay
	 */
	int (*answer)(void *userdata, const struct request *request,
		      int64_t now, struct decision *ret);
	/*
	 * The rules that a decision makes; see decision_rules().
	 * @ret: finished by the replay, whatever is returned
	 */
	int (*rules)(const struct decision *decision,
		     const struct request *request, int64_t now,
		     struct rules *ret);
	void (*judged)(void *userdata, const struct replay_result *result);
	/* What was refused whatever the rules say: @new is @old (NULL: it is
	 * of no interest). */
	void (*fixed)(void *userdata, const struct replay_result *result);
	/* By the policy only: what was answered and granted makes no rules. */
	bool policy_only;
	void *userdata;
};

struct replay_counts {
	uint64_t runs;
	uint64_t judged;
	uint64_t fixed;	    /* refused by an engine, whatever the rules say */
	uint64_t withdrawn; /* before an answer, and so not judged */
	uint64_t lost;	    /* by the words of the trace */
	uint64_t stray;	    /* about a run or request that is not known */
};

struct replay;

/* @options: borrowed. Returns: 0 or -ENOMEM. */
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

const char *replay_outcome_name(enum replay_outcome outcome);
