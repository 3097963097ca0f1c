/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of a trace: one line of it, as values of the core.
 *
 * A trace is the record of a run: what was asked, who decided what, and what
 * was put into force, in the order in which it happened. Lines of several runs
 * may be mixed (a machine's journal, many files read as one): each names its
 * run, and a run begins with its header. See landlord-trace(5) for the text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/decider.h"
#include "core/decision.h"
#include "core/request.h"
#include "core/rule.h"

#define TRACE_FORMAT "landlord-trace"
#define TRACE_VERSION 1
/* Where rules are from that allow what is to be learnt. */
#define TRACE_LEARNING "landlord run --learn"
#define TRACE_RUN_MAX 32       /* bytes of the name of a run */
#define TRACE_ARGUMENTS_MAX 64 /* of a command; those after are left out */

enum trace_event {
	TRACE_HEADER,
	TRACE_SPAWN,
	TRACE_EXEC,
	TRACE_EXIT,
	TRACE_REQUEST,	/* a question */
	TRACE_ALLOWED,	/* a rule allows it; only where all is recorded */
	TRACE_REFUSED,	/* without a question */
	TRACE_DECISION, /* on a request */
	TRACE_ANSWER,	/* what the engine was told */
	TRACE_WITHDRAW, /* the requester has gone */
	TRACE_COMMIT,
	TRACE_NOTE,
	TRACE_LOST, /* what was here could not be written */
	TRACE_END,
	TRACE_EVENTS_,
};

/* Who decided. */
enum trace_by {
	TRACE_BY_UNKNOWN,
	TRACE_BY_RULE,	  /* see its origin */
	TRACE_BY_AGENT,	  /* a person, or what answers for one */
	TRACE_BY_PLUGIN,  /* code */
	TRACE_BY_TIMEOUT, /* nobody did in time */
	TRACE_BY_NOBODY,  /* there was nobody to ask */
	TRACE_BY_LIMIT,	  /* too many questions */
	TRACE_BY_COMMIT,  /* it could not be put into force */
	TRACE_BY_ENGINE,  /* nobody can allow it */
	TRACE_BYS_,
};

/* All strings are bytes, owned, and may be NULL where nothing is known. */

struct trace_header {
	char *kernel; /* uname -r */
	char *engine; /* "seccomp", "landlock"; "audit", ... when imported */
	int abi;      /* of Landlock; 0: not known */
	char *app;
	char *policy; /* digest of the first ruleset */
	char *home;   /* of the user who ran it */
	uid_t uid;
	bool all;	/* also what was allowed is recorded */
	bool continues; /* the lines before are in an older file */
};

/* SPAWN, EXEC, EXIT. */
struct trace_process {
	pid_t pid;
	uint64_t start; /* as in struct rule; 0: not known */
	pid_t parent;	/* SPAWN; 0: not known */
	char *exe;	/* SPAWN, EXEC */
	char *command[TRACE_ARGUMENTS_MAX]; /* SPAWN, EXEC */
	size_t command_count;
	/* EXIT: as a shell has it, 128 + N after signal N; -1: not known */
	int status;
};

/* REQUEST, ALLOWED, REFUSED. */
struct trace_request {
	struct request request;
	char *reason; /* REFUSED: why nobody can allow it; NULL: by a rule */
	char *rule;   /* ALLOWED, REFUSED: where the rule is from */
};

struct trace_decision {
	uint64_t id; /* of the request */
	struct decision decision;
	enum trace_by by;
	char *rule; /* where it is from */
};

struct trace_answer {
	uint64_t id;
	enum answer answer;
};

struct trace_commit {
	uint64_t generation;
	struct rules added;   /* of files and grants */
	struct rules session; /* the same, of those that end with the run */
	struct rules removed; /* of either */
	bool more;	      /* more lines of the same commit follow */
	int error; /* errno: the last good generation stayed; 0: none */
};

struct trace_end {
	int status; /* as that of EXIT; -1: not known */
	uint64_t asked, allowed, denied, lost;
};

struct trace_entry {
	enum trace_event event;
	int64_t time; /* microseconds since the epoch */
	char *run;    /* up to TRACE_RUN_MAX bytes; may be "" */
	union {
		struct trace_header header;
		struct trace_process process;
		struct trace_request request;
		struct trace_decision decision;
		struct trace_answer answer;
		struct trace_commit commit;
		struct trace_end end;
		uint64_t id;   /* WITHDRAW */
		uint64_t lost; /* LOST: how many lines */
		char *note;
	};
};

/* Releases what an entry owns; a zeroed or finished one is fine. */
void trace_entry_finish(struct trace_entry *entry);

const char *trace_event_name(enum trace_event event);
/* Returns: 0 or -EINVAL. */
int trace_event_parse(const char *name, enum trace_event *ret);

const char *trace_by_name(enum trace_by by);
int trace_by_parse(const char *name, enum trace_by *ret);
/* Who it was that decided, or that nobody did: UNDECIDED_NO is an agent. */
enum trace_by trace_by_undecided(enum undecided undecided);

const char *trace_answer_name(enum answer answer);
int trace_answer_parse(const char *name, enum answer *ret);

/* As effect_name(), and "guard" for what no file can have. */
const char *trace_effect_name(enum effect effect);
int trace_effect_parse(const char *name, enum effect *ret);
