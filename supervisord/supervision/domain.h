/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domains: the registered supervisees, each with its rules and generations.
 *
 * What is in force is compiled from the profile (policy files and persisted
 * grants of the app), the session rules, and the changes under way. One commit
 * is in flight at a time; what changes meanwhile goes into the next one. A
 * change is done when the generation that carries it is in force, or when that
 * commit failed, and then the last good generation stays.
 *
 * Nothing here frees a domain from within a callback: sinks and agents must
 * call domain_unregister() from the loop, not from inside commit() or answer().
 */
#pragma once

#include <event2/event.h>
#include <sys/queue.h>

#include "agent/agent.h"
#include "core/decider.h"
#include "supervision/flood.h"

#define DOMAIN_INQUIRIES_MAX 256 /* open questions, whatever is configured */
#define DOMAIN_WAITERS_MAX 1024	 /* requests on one question */
#define DOMAIN_REFUSALS_PER_MINUTE 120 /* that are recorded */
#define DOMAIN_SESSION_MAX 4096	       /* session rules */

struct supervisor;
struct profile;
struct inquiry;
struct domain;

/* Where commits and answers go: an engine here, or a monitor on the bus. */
struct domain_sink {
	/*
	 * Puts a generation into force.
	 * @rules: what it was compiled from, in full
	 * @session: those of @rules that hold for this domain only
	 * Returns: 0 when it is in force; -EINPROGRESS when domain_committed()
	 * will say; another negative errno: it is not and will not be.
	 */
	int (*commit)(void *userdata, struct ruleset *ruleset,
		      const struct rules *rules, const struct rules *session);

	/* Ends a request; an unknown id is ignored. */
	void (*answer)(void *userdata, uint64_t request_id, enum answer answer);
};

struct domain_options {
	const struct domain_info *info; /* copied */
	const struct domain_sink *sink; /* borrowed */
	void *userdata;
	struct agent *own_agent; /* borrowed; may be NULL */
	int timeout_seconds;	 /* 0: as configured */
	/*
	 * The supervisor sits inside another supervised tree: nothing that is
	 * decided here is persisted or reaches another domain.
	 */
	bool nested;
	const struct rules *session; /* handed over; may be NULL */
	uint64_t generation;	     /* the last it had elsewhere; 0: none */
};

/* Called once: the change is in force (0), or is not (a negative errno). */
typedef void (*change_done_fn)(void *userdata, struct domain *domain,
			       const struct rules *rules, int error);

/* Rules on their way into force. */
struct change {
	TAILQ_ENTRY(change) link;
	struct rules rules;
	bool provisional; /* to be persisted once in force */
	bool inflight;
	change_done_fn done;
	void *userdata;
};

TAILQ_HEAD(change_list, change);
TAILQ_HEAD(inquiry_list, inquiry);

struct domain {
	TAILQ_ENTRY(domain) link;
	struct supervisor *supervisor;
	uint64_t id;
	char *app, *engine;
	char **command, **policy_files; /* NULL-terminated */
	pid_t monitor_pid, root_pid;
	bool nested;
	int timeout_seconds;
	int64_t started; /* seconds since the epoch */
	struct agent *own_agent;
	const struct domain_sink *sink;
	void *userdata;

	struct profile *profile;
	struct rules session;
	/*
	 * In force, and about to be persisted. They are not handed over to the
	 * next daemon as session rules: should this one die before they are on
	 * the disk, the question is put again rather than half forgotten.
	 */
	struct rules provisional;
	struct change_list changes;
	/*
	 * What is in force, while requests are judged by it, else NULL: the
	 * domain's engine has it, and a daemon has many domains.
	 */
	struct ruleset *committed;
	uint64_t committed_generation; /* 0 before the first commit */
	struct ruleset *inflight;      /* on its way, else NULL */
	uint64_t generation;	       /* last number given out */
	bool stale;    /* commit again after the one in flight */
	bool settling; /* within domain_committed() */
	struct event *expiry;

	struct inquiry_list inquiries;
	size_t inquiries_count, inquiries_max;
	struct flood flood;
	struct flood refusals; /* how many are worth a line of the record */
	uint64_t asked, granted, denied; /* for `landlord ps` */
};

/*
 * Registers a domain; its first commit has succeeded or is in flight.
 * @error_ret: on failure a sentence (free(3)); may be NULL
 * Returns: 0, or a negative errno (-EDEADLK: it would wait for itself).
 */
int domain_register(struct supervisor *supervisor,
		    const struct domain_options *options, struct domain **ret,
		    char **error_ret);

/*
 * The session rules that a domain starts with: those of its supervisor, and
 * the program that the command line names.
 * @ret: appended to
 * Returns: 0 or a negative errno.
 */
int domain_first_rules(const struct domain_info *info, struct rules *ret);

/* Ends a domain: questions are withdrawn, changes fail. Takes NULL. */
struct domain *domain_unregister(struct domain *domain);

/* See struct decider_ops. Returns: 0, or a negative errno: deny. */
int domain_ask(struct domain *domain, const struct request *request);
void domain_withdraw(struct domain *domain, uint64_t request_id);
void domain_refused(struct domain *domain, const struct request *request);

/* The commit in flight ended: 0, or a negative errno. */
void domain_committed(struct domain *domain, int error);

/* Makes a new generation of what holds now (a reload, an expiry). */
void domain_refresh(struct domain *domain);

/*
 * Brings session rules into force; rules without an id get one.
 * @rules: moved
 * @provisional: they will be persisted, and then domain_forget() is called, or
 *               cannot be, and then domain_keep() is
 * @done: called before this returns, or later; not when this fails
 * Returns: 0, or a negative errno: nothing has changed.
 */
int domain_change(struct domain *domain, struct rules *rules, bool provisional,
		  change_done_fn done, void *userdata);

/* Makes provisional rules session rules, as they could not be persisted. */
void domain_keep(struct domain *domain, const struct rules *rules);

/*
 * Drops the session and provisional rules with an id. The next commit goes
 * without them; the caller calls domain_refresh() unless they hold by other
 * means. Returns: whether there was one.
 */
bool domain_forget(struct domain *domain, const char *rule_id);

/* Compiles what would be in force now. Returns: 0 or a negative errno. */
int domain_rules(const struct domain *domain, struct rules *ret);
