/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy plugins as the core sees them: whoever may decide a question that no
 * rule decides. They are asked in turn; the first that does not pass decides.
 *
 * A backend is a table of operations: rules (the committed ruleset itself),
 * prompt (the agents), shared (a shared object behind the ABI of plugin.h) and
 * exec (a helper program that speaks JSON lines). None may block.
 */
#pragma once

#include <stdint.h>

#include "agent/agent.h"
#include "base/clock.h"
#include "core/decision.h"
#include "core/ruleset.h"
#include "policy/policy.h"

enum plugin_reply {
	PLUGIN_PASS,	/* not mine: ask the next one */
	PLUGIN_RETRY,	/* the rules decide it meanwhile: judge again */
	PLUGIN_DECIDED, /* the decision is made */
	PLUGIN_PENDING, /* events.complete will say */
};

/* What is put to a plugin; valid during the call. */
struct plugin_query {
	const struct question *question;
	const struct ruleset
		*ruleset;	 /* committed to the domain; may be NULL */
	struct agent *own_agent; /* the domain's own; may be NULL */
	enum answers answers;	 /* who of the agents may be asked */
};

struct plugin;

struct plugin_events {
	/*
	 * Ends a pending question, exactly once unless it is cancelled before.
	 * @verdict: PLUGIN_PASS or PLUGIN_DECIDED
	 * @decision: copied; only read for PLUGIN_DECIDED
	 */
	void (*complete)(void *userdata, struct plugin *plugin,
			 uint64_t question_id, enum plugin_reply verdict,
			 const struct decision *decision);
};

struct plugin_ops {
	const char *name;

	/*
	 * @ret: set for PLUGIN_DECIDED only; the caller finishes it
	 */
	enum plugin_reply (*decide)(struct plugin *plugin,
				    const struct plugin_query *query,
				    struct decision *ret);

	/* No verdict is wanted any more; an unknown id is ignored. */
	void (*cancel)(struct plugin *plugin, uint64_t question_id);

	/* Takes NULL; always returns NULL. Nothing is completed any more. */
	struct plugin *(*free)(struct plugin *plugin);
};

/*
 * What a plugin decides that has failed: it might have refused, so it does.
 * Returns: PLUGIN_DECIDED.
 */
enum plugin_reply plugin_refuse(struct decision *ret, const char *name);

/* Embedded as the first member of each implementation. */
struct plugin {
	const struct plugin_ops *ops;
	const struct plugin_events *events; /* these are set by the core */
	void *userdata;
	const struct clock *clock;
};
