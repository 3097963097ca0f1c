/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor: what the daemon and the embedded default share. Policy and
 * grants, the plugins that decide, the registered domains, who waits for whom,
 * and the audit log, in one event loop that never blocks on a person, a monitor
 * or an agent.
 *
 *	supervisor_new(&supervisor, loop, &options);
 *	domain_register(&supervisor->registry, &domain_options, &domain, &error);
 *	domain_ask(domain, &request);		its engine gets the answer
 *	domain_unregister(domain);
 *	supervisor_free(supervisor);
 */
#pragma once

#include <event2/event.h>

#include "plugin/backend.h"
#include "plugin/plugin_prompt.h"
#include "supervision/past.h"
#include "supervision/registry.h"

struct supervisor_options {
	int timeout_seconds;  /* a question's deadline; 0: as configured */
	bool no_watch;	      /* do not follow changes of policy files */
	const char *log_path; /* NULL: the user's; see audit_log.h */
	/* Borrowed, and so are the strings of the places. */
	const struct clock *clock;	     /* NULL: the real one */
	const struct policy_options *places; /* NULL: those of this user */
	const struct past *past; /* NULL: what is supervised is here and now */
};

struct supervisor {
	struct registry registry;     /* the first member */
	struct prompt_plugin *prompt; /* the last of the chain */
};

/* Returns: 0, or a negative errno. */
int supervisor_new(struct supervisor **ret, struct event_base *loop,
		   const struct supervisor_options *options);

/* Every domain must have been unregistered. Takes NULL. */
struct supervisor *supervisor_free(struct supervisor *supervisor);

/*
 * Does what has become due by a clock that the kernel does not know, whenever
 * it was moved.
 */
void supervisor_look(struct supervisor *supervisor);

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
 * @ret_sentence: on failure a sentence (free(3)); may be NULL
 * Returns: 0, -EDEADLK, -ENOMEM.
 */
int supervisor_subscribe(struct supervisor *supervisor, struct agent *agent,
			 pid_t pid, char **ret_sentence);
void supervisor_unsubscribe(struct supervisor *supervisor, struct agent *agent);

/*
 * A subscribed agent hangs on these levers: see wait_graph_hang(). What it is
 * asked and may not allow goes to another one that may.
 */
int supervisor_hang(struct supervisor *supervisor, struct agent *agent,
		    uint64_t levers);

/*
 * Somebody is at a question: see inquiry_postpone().
 * @ret_deadline: CLOCK_BOOTTIME milliseconds; 0: it has none
 * Returns: 0, -ENOENT when it is not open.
 */
int supervisor_postpone(struct supervisor *supervisor, uint64_t question_id,
			int64_t *ret_deadline);

/*
 * Whether an agent may allow what is asked: see wait_graph_may_allow(). A
 * question that is not open may be.
 */
int supervisor_may_allow(struct supervisor *supervisor,
			 const struct agent *agent, uint64_t question_id,
			 char **ret_sentence);
