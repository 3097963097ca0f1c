/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests that wait for an answer, from the decider or from somebody else,
 * oldest first. An engine embeds struct pending in its own record of an access.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "core/decider.h"
#include "engine/question.h"

struct pending {
	TAILQ_ENTRY(pending) link;
	uint64_t request_id; /* of the decider; 0: it was not asked */
	int refusal;	     /* the errno of a denial */
};

struct pending_list {
	TAILQ_HEAD(, pending) all;
	struct pending *looked_at; /* the next, see pending_look() */
	unsigned int count;
	uint64_t last_request;
	unsigned int step; /* between the ids of requests */
};

/* Which ids its requests get: two lists of one decider have no id in common. */
enum pending_ids { PENDING_ALL, PENDING_ODD, PENDING_EVEN };

void pending_init(struct pending_list *ret, enum pending_ids ids);

/* Adds one that waits for somebody else than the decider, and removes any. */
void pending_add(struct pending_list *list, struct pending *pending);
void pending_remove(struct pending_list *list, struct pending *pending);

/* Whether one more may wait, and the others still have the descriptors that
 * they need. */
bool pending_has_room(const struct pending_list *list);

/*
 * Puts a request to the decider. It is in the list before it is asked, since
 * the answer may come at once: what is pending may be gone when this returns.
 * @request: its id is given here
 * Returns: 0; a negative errno where nobody can decide: then it is not in the
 * list, and is to be denied.
 */
int pending_ask(struct pending_list *list, struct pending *pending,
		struct decider *decider, struct request *request);

/* What a request was made of, NULL when that has gone. */
struct pending *pending_find(const struct pending_list *list,
			     uint64_t request_id);

/*
 * Looks at some of them, and at the next ones at the next call.
 * @gone: whether nobody waits for it any more; it is withdrawn then
 * @drop: called for those, which are in the list no more
 */
void pending_look(struct pending_list *list, struct decider *decider,
		  unsigned int count, bool (*gone)(struct pending *pending),
		  void (*drop)(struct pending *pending));

/* Takes the oldest out; NULL when there is none. */
struct pending *pending_take(struct pending_list *list);
