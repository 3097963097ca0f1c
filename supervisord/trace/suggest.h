/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suggestions: the rules that would have answered what was asked.
 *
 * What the policy leaves to a question, and somebody allowed or nobody was
 * there to answer, is wanted. What somebody denied is not, nor is what a rule
 * denies or explicitly asks for, nor another user's home. There is a rule for
 * each object; many in one directory become one for the directory when they are
 * enough to pay for what else is in it: the more, the further up it is, more
 * for changing than for reading, and never where something that the policy
 * protects lies beneath, nor for directories that hold unlike things, such as a
 * home. Names that are new each time make their directory the object, or no
 * rule.
 */
#pragma once

#include <stdio.h>

#include "trace/evidence.h"
#include "trace/replay_result.h"

enum suggest_protection {
	SUGGEST_FREE,
	SUGGEST_BENEATH, /* something beneath is protected */
	SUGGEST_ITSELF,	 /* a rule denies it, or asks for it */
};

struct suggest_options {
	/*
	 * What rules of the policy protect.
	 * @path: canonical
	 */
	enum suggest_protection (*look)(void *userdata, const char *path,
					rights_t rights);
	const char *home; /* for look(), of paths beneath any home; or NULL */
	void *userdata;
};

struct suggest;

/* @options: borrowed. Returns: 0 or -ENOMEM. */
int suggest_new(struct suggest **ret, const struct suggest_options *options);
struct suggest *suggest_free(struct suggest *suggest);

/* Takes what a replay by the policy only has judged. Returns: 0 or -ENOMEM. */
int suggest_take(struct suggest *suggest, const struct replay_result *result);

/*
 * Takes a rule that somebody has made by an answer: it is wanted, unless it is
 * protected.
 * @home: of the user whose rule it is; NULL: not known
 * @time: when, in microseconds
 * Returns: 0 or -ENOMEM.
 */
int suggest_take_rule(struct suggest *suggest, const struct rule *rule,
		      const char *home, int64_t time);

/*
 * Writes a policy file, each rule below what speaks for it. The same results
 * give the same file.
 * @ret_rules: how many; may be NULL
 * Returns: 0 or -ENOMEM; whether writing failed says ferror(3).
 */
int suggest_write(struct suggest *suggest, FILE *out, size_t *ret_rules);
