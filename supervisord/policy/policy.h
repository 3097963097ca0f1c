/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy: the rules and settings that the files of all layers give an app.
 *
 * Layers are directories: the vendor's (/usr/share/landlord), the
 * administrator's (/etc/landlord) and the user's
 * ($XDG_CONFIG_HOME/landlord). In each, base.ini and base.d/(name).ini are for
 * every app, apps/APP.ini and apps/APP.d/(name).ini for one. A load always
 * makes a full new policy; the last one stays untouched and in force until the
 * caller exchanges them.
 *
 *	struct policy_options options;
 *	struct policy policy;
 *	struct file_errors errors = { 0 };
 *
 *	policy_options_default(&options);
 *	error = policy_load("app", &options, &policy, &errors);
 *	... tell the errors, whatever the error ...
 *	if (error)
 *		keep the last good policy, or refuse to start
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/file_errors.h"
#include "core/rule.h"
#include "core/ruleset.h"
#include "policy/policy_options.h"

/* What is asked for when nobody is there to answer. */
enum no_agent {
	NO_AGENT_DENY, /* at once */
	NO_AGENT_WAIT, /* for an agent, until the deadline; then denied */
};

/* Who may answer. */
enum answers {
	ANSWERS_ANYBODY,
	ANSWERS_TERMINAL, /* who was started with the program: `landlord run` */
	ANSWERS_DESKTOP,  /* who has subscribed at the daemon */
	ANSWERS_HELPER,	  /* plugins and programs that decide, but no agent */
	ANSWERS_NOBODY,
};

/* What policy files call them. */
const char *answers_name(enum answers answers);

/* [settings]; the administrator's win, then the user's, then the vendor's. */
struct policy_settings {
	int timeout; /* seconds a question stays open */
	enum no_agent no_agent;
	int max_questions; /* open ones for one supervisee */
	int max_rate;	   /* questions a minute for one supervisee */
	int max_lifetime;  /* seconds that what an answer allows is kept;
			    * 0: not beyond the session; INT_MAX: for ever */
	enum answers answers;
	bool terse; /* questions say no more than they have to */
};

#define POLICY_SETTINGS_DEFAULT                                                \
	{                                                                      \
		.timeout = 120, .no_agent = NO_AGENT_DENY,                     \
		.max_questions = 64, .max_rate = 120, .max_lifetime = INT_MAX, \
	}

/* Whose value counts; LAYERS_: nobody has said one. */
struct policy_settings_from {
	enum layer timeout, no_agent, max_questions, max_rate, max_lifetime,
		answers, terse;
};

struct policy {
	struct rules rules;
	struct policy_settings settings;
	struct policy_settings_from from;
};

void policy_finish(struct policy *policy);

/* Whether two loads gave the same, origins included. */
bool policy_equal(const struct policy *a, const struct policy *b);

/*
 * Reads all layers for an app (without persisted grants), and adds rules of the
 * administrator's rank, origin "built in", that refuse to write these files,
 * and to do anything with the control socket.
 *
 * A bad line is left out and told in @errors, and the rest stays in force.
 * Where leaving something out would lift what was meant to be refused, the load
 * as a whole fails: for a bad line of the administrator's [deny] or [ask], and
 * for a file of the administrator's, or one named by --policy, that cannot be
 * read.
 *
 * Returns: 0; -EINVAL or -EBADMSG when it failed so; -ENOMEM. *ret is set on
 *          success only, @errors always.
 */
int policy_load(const char *app, const struct policy_options *options,
		struct policy *ret, struct file_errors *errors);

/*
 * The same in two steps, for whoever looks at many apps at one time: what holds for
 * every app is read once, and what holds for one besides.
 * @options: borrowed until the end
 * Returns: as policy_load(); what is wrong with files of every app is told by the
 *          first step, and is a failure of the second.
 */
struct policy_common;
int policy_common_load(const struct policy_options *options,
		       struct policy_common **ret, struct file_errors *errors);
int policy_load_app(struct policy_common *common, const char *app,
		    struct policy *ret, struct file_errors *errors);
struct policy_common *policy_common_free(struct policy_common *common);

/*
 * Loads everything that holds for an app (files and persisted grants), adds
 * rules of the caller's own (session grants; may be NULL), and compiles.
 * @ret_settings: may be NULL
 * Returns: as policy_load() and ruleset_new().
 */
int policy_compile(const char *app, const struct policy_options *options,
		   const struct rules *more, uint64_t generation, int64_t now,
		   struct ruleset **ret, struct policy_settings *ret_settings,
		   struct file_errors *errors);
