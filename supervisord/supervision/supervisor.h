/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor: what the daemon and the embedded default share. Policy and
 * grants, the plugins that decide, the registered domains, the graph of who
 * waits for whom, and the record, in one event loop that never blocks on a
 * person, a monitor or an agent.
 *
 *	supervisor_new(&supervisor, loop, &options);
 *	domain_register(supervisor, &domain_options, &domain, &error);
 *	domain_ask(domain, &request);		the sink gets the answer
 *	domain_unregister(domain);
 *	supervisor_free(supervisor);
 */
#pragma once

#include <event2/event.h>
#include <sys/queue.h>

#include "core/graph.h"
#include "plugin/backend.h"
#include "plugin/prompt.h"
#include "supervision/domain.h"
#include "supervision/record.h"

#define SUPERVISOR_PLUGINS_MAX 16

struct supervisor_options {
	int timeout_seconds;  /* a question's deadline; 0: as configured */
	bool no_watch;	      /* do not follow changes of policy files */
	const char *log_path; /* NULL: the user's; see record.h */
};

struct subscriber;

struct supervisor {
	struct event_base *loop;
	int timeout_seconds;
	struct policy_watcher *watcher; /* NULL: files are not followed */
	TAILQ_HEAD(, domain) domains;
	size_t domains_count;
	TAILQ_HEAD(, profile) profiles;
	TAILQ_HEAD(, subscriber) subscribers;
	struct plugin *plugins[SUPERVISOR_PLUGINS_MAX];
	size_t plugins_count;
	struct prompt *prompt;
	struct graph *graph;
	struct record *record;
	uint64_t last_id; /* of domains, inquiries and agents */
};

/* Returns: 0, or a negative errno. */
int supervisor_new(struct supervisor **ret, struct event_base *loop,
		   const struct supervisor_options *options);

/* Every domain must have been unregistered. Takes NULL. */
struct supervisor *supervisor_free(struct supervisor *supervisor);

/* Reads the policy again and commits it to all that runs. */
void supervisor_reload(struct supervisor *supervisor);

/*
 * Adds a plugin before the prompt; owned from then on.
 * Returns: 0 or -ENOSPC (the caller still owns it).
 */
int supervisor_add_plugin(struct supervisor *supervisor, struct plugin *plugin);

/*
 * Subscribes an agent for everybody's questions.
 * @pid: the agent's process, which must not be inside a supervised tree
 * @error_ret: on failure a sentence (free(3)); may be NULL
 * Returns: 0, -EDEADLK, -ENOMEM.
 */
int supervisor_subscribe(struct supervisor *supervisor, struct agent *agent,
			 pid_t pid, char **error_ret);
void supervisor_unsubscribe(struct supervisor *supervisor, struct agent *agent);

/*
 * Finds the registered domain in whose tree a process is. The supervisor of a
 * domain is not inside it; all that it has started is.
 * @ret: NULL when it is in none
 * Returns: 0, or a negative errno: unknown, to be taken as "inside".
 */
int supervisor_enclosing(const struct supervisor *supervisor, pid_t pid,
			 struct domain **ret);

/*
 * Adds to the graph what a new domain waits for, and who waits for it.
 * Returns: 0, -EDEADLK with a sentence in *error_ret, -ENOMEM.
 */
int supervisor_link(struct supervisor *supervisor, struct domain *domain,
		    struct domain *enclosing, char **error_ret);
void supervisor_unlink(struct supervisor *supervisor, struct domain *domain);

/* An open inquiry by its question id, or NULL. */
struct inquiry *supervisor_inquiry(const struct supervisor *supervisor,
				   uint64_t question_id);

uint64_t supervisor_next_id(struct supervisor *supervisor);
struct domain *supervisor_domain(const struct supervisor *supervisor,
				 uint64_t id);
