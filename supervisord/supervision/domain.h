/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domains: the registered supervisees, each with its rules.
 *
 * This is what a domain is; what happens to it is in the other modules, in the
 * order in which a request passes through them:
 *
 *	ask.h      a request becomes a question, or joins one
 *	inquiry.h  the question, until it is answered
 *	decide.h   a decision on it becomes rules
 *	commit.h   the rules are brought into force, a generation at a time
 *	granting.h    and are kept, if they are to outlive the domain
 *
 * and back in ask.h the generation answers what was asked. registration.h says
 * how a domain begins and ends.
 */
#pragma once

#include <event2/event.h>
#include <jansson.h>
#include <sys/queue.h>

#include "agent/agent.h"
#include "core/decider.h"
#include "supervision/ratelimit.h"
#include "supervision/registry.h"

#define DOMAIN_INQUIRIES_MAX 256 /* open questions, whatever is configured */
#define DOMAIN_WAITERS_MAX 16384 /* requests on one question */
#define DOMAIN_REFUSALS_PER_MINUTE 120 /* that are recorded */
#define DOMAIN_SESSION_MAX (1 << 20)   /* session rules: half a gigabyte */

struct change;
struct domain_recording;
struct inquiry;

/* The books that a generation of a domain is made of, in their order. */
enum domain_book {
	DOMAIN_POLICY, /* of the files; shared with others */
	DOMAIN_GRANTS, /* of the store; shared with others of the app */
	DOMAIN_SESSION,
	DOMAIN_PROVISIONAL,
	DOMAIN_BOOKS,
};

struct domain_options {
	const struct domain_info *info;	     /* copied */
	const struct decider_events *events; /* borrowed */
	void *engine;			     /* their first argument */
	struct agent *own_agent;	     /* borrowed; may be NULL */
	int timeout_seconds;		     /* 0: as configured */
	/*
	 * The supervisor sits inside another supervised tree: nothing that is
	 * decided here is persisted or reaches another domain.
	 */
	bool nested;
	const struct rules *session; /* handed over; may be NULL */
	uint64_t generation;	     /* the last it had elsewhere; 0: none */
};

TAILQ_HEAD(change_list, change); /* see commit.c */
TAILQ_HEAD(inquiry_list, inquiry);

struct domain {
	TAILQ_ENTRY(domain) link;
	struct registry *registry;
	uint64_t id;
	char *app, *engine_name;
	char **command, **policy_files; /* NULL-terminated */
	char **variables;		/* the same; NULL: our own */
	pid_t monitor_pid, root_pid;
	bool nested;
	int timeout_seconds;
	int64_t started; /* seconds since the epoch */
	struct agent *own_agent;
	const struct decider_events *events;
	void *engine;			    /* their first argument */
	struct domain_recording *recording; /* between it and them; or NULL */

	struct profile *profile;
	struct rulebook *session;
	/*
	 * In force, and about to be persisted. They are not handed over to the
	 * next daemon as session rules: should this one die before they are on
	 * the disk, the question is put again rather than half forgotten.
	 */
	struct rulebook *provisional;
	size_t prune_at; /* so many rules of single processes */
	struct change_list changes;
	struct ruleset *committed; /* in force; NULL before the first commit */
	uint64_t committed_generation; /* 0 before the first commit */
	struct ruleset *inflight;      /* on its way, else NULL */
	uint64_t generation;	       /* last number given out */
	bool stale;    /* commit again after the one in flight */
	bool settling; /* within domain_committed() */

	struct inquiry_list inquiries;
	size_t inquiries_count, inquiries_max;
	struct ratelimit ratelimit;
	struct ratelimit
		refusals; /* how many are worth a line of the audit_log */
	uint64_t asked, granted, denied; /* for `landlord ps` */
	uint64_t reached; /* levers of agents, ever; see levers.h */
};

/*
 * Makes a domain that nothing is in force in, and adds it to the registry.
 * Returns: 0 or -ENOMEM.
 */
int domain_new(struct domain **ret, struct registry *registry,
	       const struct domain_options *options);

/* Nothing of it may be open any more. Takes NULL; always returns NULL. */
struct domain *domain_free(struct domain *domain);

/* A domain by its id, or NULL. */
struct domain *domain_find(const struct registry *registry, uint64_t id);

/*
 * Finds the domain in whose tree a process is. The supervisor of a domain is
 * not inside it; all that it has started is.
 * @ret: NULL when it is in none
 * Returns: 0, or a negative errno: unknown, to be taken as "inside".
 */
int domain_enclosing(const struct registry *registry, pid_t pid,
		     struct domain **ret);

/*
 * The session rules that a domain starts with: those of its supervisor, and
 * the program that the command line names.
 * @ret: appended to
 * Returns: 0 or a negative errno.
 */
int domain_first_rules(const struct domain_info *info, struct rules *ret);

/*
 * Drops the session and provisional rules with an id. The next commit goes
 * without them; the caller calls domain_refresh() unless they hold by other
 * means. Returns: whether there was one.
 */
bool domain_forget(struct domain *domain, const char *rule_id);

/*
 * Makes a ruleset of what its books say together at the moment.
 * @generation: its number
 * @ret: to be let go by ruleset_unref()
 * Returns: 0 or a negative errno.
 */
int domain_ruleset(const struct domain *domain, uint64_t generation,
		   struct ruleset **ret);

/* Writes an event of the domain to the audit_log. @fields: taken; may be NULL
 */
void domain_note(const struct domain *domain, const char *event,
		 json_t *fields);
