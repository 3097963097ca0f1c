/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes of a trace that is judged again (replay/), request by request.
 */
#pragma once

#include "trace/reader.h"
#include "trace/trace_entry.h"

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

struct replay_counts {
	uint64_t runs;
	uint64_t judged;
	uint64_t fixed;	    /* refused by an engine, whatever the rules say */
	uint64_t withdrawn; /* before an answer, and so not judged */
	uint64_t lost;	    /* by the words of the trace */
	uint64_t stray;	    /* about a run or request that is not known */
};

const char *replay_outcome_name(enum replay_outcome outcome);
