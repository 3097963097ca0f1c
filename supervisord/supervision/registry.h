/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registry: all domains of a supervisor, and what they share. It is data
 * that the modules of this folder work on; supervisor.h makes and ends it.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "plugin/plugin_chain.h"
#include "policy/policy.h"
#include "supervision/profile.h"

struct arrival_watch;
struct domain;
struct later;
struct past;
struct audit_log;
struct wait_graph;
struct wakeup;

/* Who waits for generations: the open questions (ask.h). */
struct generation_events {
	/* A commit has ended; nothing new is committed before this returns. */
	void (*settle)(struct domain *domain);
	/* Something may be put, unless a commit is in flight again. */
	void (*resume)(struct domain *domain);
};

struct registry {
	struct event_base *loop;
	const struct clock *clock;
	const struct past *past;      /* NULL: it is here and now */
	struct policy_options places; /* of policy and grants; borrowed */
	int timeout_seconds;	      /* of questions; 0: as configured */
	struct audit_log *audit_log;  /* NULL when none can be kept */
	struct profiles profiles;
	struct plugin_chain chain;
	struct wait_graph *wait_graph;
	const struct generation_events *events;
	/* What became of an answer, for who gave it; may be NULL. */
	void (*tell_agent)(struct registry *registry, uint64_t question_id,
			   const char *sentence);
	/*
	 * Sends for an agent, as there is none; may be NULL.
	 * Returns: whether one may come; ask_no_more() says if none does.
	 */
	bool (*summon)(void *userdata);
	void *summon_userdata;
	TAILQ_HEAD(, domain) domains;
	size_t domains_count;
	TAILQ_HEAD(, arrival_watch) arrivals;
	TAILQ_HEAD(, later) later; /* changes of the store that wait */
	bool ending;		   /* nobody is told of anything any more */
	struct wakeup *expiry;	   /* the next of a rule, by the wall clock */
	struct wakeup *deadline;   /* the next of a question, since boot */
	struct wakeup *retry;	   /* the next of what waits for the store */
	uint64_t last_id; /* of domains, inquiries, agents and connections */
};

static inline uint64_t registry_next_id(struct registry *registry)
{
	return ++registry->last_id;
}
