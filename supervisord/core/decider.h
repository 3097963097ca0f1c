/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The seam between an engine (which knows of denials and puts commits into
 * force) and whoever decides: the core in the same process, or the daemon
 * behind a bus. Both sides run in one libevent loop; no call blocks.
 *
 * The path of an access through the whole system:
 *
 *	request (engine) -> decider.ask -> decision (policy plugins)
 *	  -> events.commit (a new generation) -> events.answer (judge again)
 *
 * A commit always comes before the answer that relies on it, and the answer
 * is final only when the engine has returned success from commit: "allowed" is
 * reported, persisted and traced after that (applied means enforced).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/decision.h"
#include "core/request.h"
#include "core/ruleset.h"

enum answer {
	ANSWER_DENY,	   /* fails with Landlock's errno */
	ANSWER_ALLOW_ONCE, /* this request passes, no other */
	ANSWER_RETRY,	   /* judge again by what is committed now; what is
			    * still not allowed is denied, not asked again */
};

/* Why nobody has decided a request, so that it is denied this once. */
enum undecided {
	UNDECIDED_NO, /* somebody has */
	UNDECIDED_NOBODY,
	UNDECIDED_LATE,	  /* its time was over */
	UNDECIDED_LIMIT,  /* too many questions */
	UNDECIDED_COMMIT, /* it could not be put into force */
};

/*
 * Implemented by the engine, which may be one at the other end of a connection;
 * called by the decider.
 */
struct decider_events {
	/*
	 * Puts a ruleset into force. The callee takes its own reference.
	 * Returns: 0; -EINPROGRESS where domain_committed() will be told how it
	 * ended, which only an engine at the other end of a connection may say;
	 * another negative errno: the last good generation stays.
	 */
	int (*commit)(void *engine, struct ruleset *ruleset);

	/* Ends a request; an unknown id is ignored (the requester has gone). */
	void (*answer)(void *engine, uint64_t request_id, enum answer answer);

	/*
	 * For the record, before the answer that comes of it (may be NULL).
	 * @decision: NULL if there is none
	 */
	void (*decided)(void *engine, uint64_t request_id,
			const struct decision *decision,
			enum undecided undecided);

	/*
	 * Says something on the program's terminal. NULL where the decider's
	 * own log is shown there already.
	 */
	void (*tell)(void *engine, const char *sentence);

	/*
	 * From now on ops.executes is of interest, or no longer (may be NULL:
	 * it is always told).
	 */
	void (*follow)(void *engine, bool executions);

	/*
	 * A request may wait until then, in CLOCK_BOOTTIME milliseconds (may be
	 * NULL: nobody but the decider ends it).
	 */
	void (*postponed)(void *engine, uint64_t request_id, int64_t deadline);

	/* Ends the program, with all that it has started. NULL: cannot. */
	void (*stop)(void *engine);
};

struct decider;

/* Implemented by the decider; called by the engine. */
struct decider_ops {
	/*
	 * Puts a request. It is copied. The answer comes later through
	 * events.answer, or before ask returns.
	 * Returns: 0, or a negative errno: nobody can decide, deny.
	 */
	int (*ask)(struct decider *decider, const struct request *request);

	/* The requester has gone; no answer is wanted any more. */
	void (*withdraw)(struct decider *decider, uint64_t request_id);

	/*
	 * For the record: an access was refused without a question (may be
	 * NULL).
	 * @reason: why nobody can allow it, a sentence without its full stop;
	 * NULL: a rule refuses it
	 */
	void (*refused)(struct decider *decider, const struct request *request,
			const char *reason);

	/*
	 * For the record: the rules allow an access that has not been asked
	 * for (NULL: that is of no interest, and costs nothing).
	 * @request: what was accessed is in the place of what is missing
	 */
	void (*allowed)(struct decider *decider, const struct request *request);

	/*
	 * For the record: the subject is let execute a program, the first
	 * object of the request (may be NULL).
	 */
	void (*executes)(struct decider *decider,
			 const struct request *request);

	/* Ends the domain. */
	struct decider *(*free)(struct decider *decider);
};

/* Embedded as the first member of each implementation. */
struct decider {
	const struct decider_ops *ops;
};

/* Who is supervised: what an engine tells when it registers its domain. */
struct domain_info {
	const char *app;	    /* name of the policy, see --app */
	const char *const *command; /* argv of the program, NULL-terminated */
	const char *engine;	    /* "seccomp", "landlock", "replay" */
	pid_t monitor_pid;	    /* the supervisor's process */
	pid_t root_pid;		    /* the first process of the tree; 0 if not
				     * started yet */
	const char *const *policy_files; /* --policy, NULL-terminated */
	/* What variables of the program are, see policy/program_variables.h;
	 * NULL: this process's. */
	const char *const *variables;
	/*
	 * Canonical path of the program that the command line names: naming it
	 * there allows to read and execute it (a session rule). May be NULL.
	 */
	const char *command_path;
	/* More session rules of the supervisor's own (its pty); may be NULL. */
	const struct rules *session;
};
