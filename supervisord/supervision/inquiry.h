/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inquiries: a question of one domain on its way to a decision.
 *
 * Requests that are the same question share one inquiry, so that it is put
 * once. What is shown is the request of the first, so an answer that holds for
 * a request or a process is for that one's process; the others are then asked
 * about in an inquiry of their own. An inquiry ends by a decision, by its
 * deadline, by a commit that decides it, or when the last of its requesters
 * goes.
 *
 *	HELD        waits for the end of a commit that may decide it
 *	PUT         a plugin has it
 *	COMMITTING  decided; the rules are on their way into force
 *	KEEPING     they are in force; what is to be kept is not on the disk yet
 */
#pragma once

#include <event2/event.h>
#include <sys/queue.h>

#include "core/decision.h"
#include "core/request.h"
#include "plugin/backend.h"
#include "supervision/domain.h"

enum inquiry_state {
	INQUIRY_HELD,
	INQUIRY_PUT,
	INQUIRY_COMMITTING,
	INQUIRY_KEEPING,
};

/* A request that hangs on the answer. */
struct waiter {
	uint64_t request_id;
	struct process_id process;
	struct request *request; /* of another process than the one shown */
};

struct inquiry {
	TAILQ_ENTRY(inquiry) link;
	struct domain *domain;
	uint64_t id;
	enum inquiry_state state;
	struct request request; /* what is shown: the first requester's */
	struct waiter *waiters;
	size_t waiters_count, waiters_allocated;
	size_t plugin;	  /* which of the chain has it */
	int64_t put_at;	  /* CLOCK_BOOTTIME milliseconds */
	int64_t deadline; /* the same; 0: none */
	int64_t asked_at; /* seconds since the epoch */
	bool awaits;	  /* an agent that was sent for, which is not long */
	struct decision decision; /* once there is one */
};

/* Whether it has been decided, and waits for what becomes of the decision. */
static inline bool inquiry_is_decided(const struct inquiry *inquiry)
{
	return inquiry->state >= INQUIRY_COMMITTING;
}

/* Makes an inquiry of a request. Returns: 0 or -ENOMEM. */
int inquiry_new(struct inquiry **ret, struct domain *domain,
		const struct request *request);

/* Adds a request that asks the same. Returns: 0, -ENOSPC, -ENOMEM. */
int inquiry_join(struct inquiry *inquiry, const struct request *request);

/*
 * Leaves the waiters of the process that was shown, and makes an inquiry of
 * the others, HELD; nothing when there are none.
 * Returns: 0 or -ENOMEM: nothing has changed.
 */
int inquiry_split(struct inquiry *inquiry);

/* Frees what a waiter has. */
void waiter_finish(struct waiter *waiter);

/* The inquiry of a domain that asks the same and still takes requesters. */
struct inquiry *inquiry_find(struct domain *domain,
			     const struct request *request);

/* An open inquiry by its id, or NULL. */
struct inquiry *inquiry_by_id(const struct registry *registry, uint64_t id);

/* Takes the question back from the plugin that has it. */
void inquiry_cancel(struct inquiry *inquiry);

/* Denies what nobody has answered by its deadline. */
void inquiries_expire(struct registry *registry);

/* The longest that a question may be put off, from when it was put. */
#define INQUIRY_POSTPONED_MAX_MS (60 * 60 * INT64_C(1000))

/*
 * Somebody is at it: it has as much time again as it had at first, from now on,
 * but no more than the longest. Nothing changes where it has no deadline.
 */
void inquiry_postpone(struct inquiry *inquiry);

/* Waits for an agent that was sent for, and not for a person, or no more. */
void inquiry_await(struct inquiry *inquiry, bool awaits);

/*
 * Has the program that asks ended, with all of its tree; its questions go with
 * it.
 * @by: who wants that
 * Returns: 0 or -EOPNOTSUPP.
 */
int inquiry_stop(const struct inquiry *inquiry, const char *by);

/* Ends and frees it: all that wait get the answer. */
void inquiry_finish(struct inquiry *inquiry, enum answer answer);

/* Frees it without an answer. */
void inquiry_free(struct inquiry *inquiry);

/* Writes what became of it to the audit_log. @reason, @decision: may be NULL */
void inquiry_note(const struct inquiry *inquiry, const char *event,
		  const char *reason, const struct decision *decision);

/* Tells the engine of all that wait what the answer comes from. */
void inquiry_tell(const struct inquiry *inquiry,
		  const struct decision *decision, enum undecided undecided);

/* The requester of a request has gone; frees the inquiry with the last one. */
void inquiry_leave(struct inquiry *inquiry, uint64_t request_id);

/* Ends it without an answer (the domain ends). */
void inquiry_drop(struct inquiry *inquiry);

/* What an agent sees of it; valid while the inquiry does not change. */
struct question inquiry_question(const struct inquiry *inquiry);
