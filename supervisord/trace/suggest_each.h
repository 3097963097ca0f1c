/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suggestions one by one, in the order of their names; and what a person may
 * make of them: narrower, wider, or nothing.
 */
#pragma once

#include "trace/evidence.h"
#include "trace/suggest.h"

/* One rule; valid until the plan changes. */
struct suggestion {
	struct evidence_node *node;	      /* a path; NULL: it is none */
	const struct evidence_object *object; /* else; see node */
	int class;			      /* of rights; of a path */
	bool whole;			      /* for all that is beneath it */
	uint64_t names;		  /* how many objects it is for; 0: itself */
	struct evidence evidence; /* joined */
};

/* Returns: 0 to go on. */
typedef int (*suggestion_fn)(void *userdata,
			     const struct suggestion *suggestion);

/* Plans what is wanted. Returns: 0 or -ENOMEM. */
int suggest_prepare(struct suggest *suggest);

/* Calls back for each. Returns: what the callback returned, or 0. */
int suggest_each(struct suggest *suggest, suggestion_fn callback,
		 void *userdata);

/* The same of what no rule is suggested for. */
int suggest_each_left(struct suggest *suggest, suggestion_fn callback,
		      void *userdata);

/*
 * Makes rules for what is in a directory of the one that it has as a whole.
 * Returns: whether it had one, and something in it is known.
 */
bool suggest_narrow(struct evidence_node *node, int class);

/*
 * Makes one rule for the directory above.
 * Returns: 1; 0: that is nothing to be given as a whole (what protects secrets
 *          or owns the next shell is beneath it, somebody has denied something
 *          there, or it holds unlike things); -ENOMEM.
 */
int suggest_widen(struct suggest *suggest, struct evidence_node *node,
		  int class);

/*
 * Writes what speaks for a rule, as a comment, and the rule, or, where it must
 * not be one, why not.
 * Returns: 1 where there is a rule, 0, or -ENOMEM.
 */
int suggestion_write(struct suggest *suggest, FILE *out,
		     const struct suggestion *suggestion);

/*
 * Why no policy file can have it, or should.
 * Returns: static storage, NULL where nothing is in the way.
 */
const char *suggestion_problem(const struct suggestion *suggestion);

/*
 * The words of the rule: "read = ~/a".
 * Returns: a new string (free(3)), NULL without memory.
 */
char *suggestion_rule(const struct suggestion *suggestion);

/* "12 times, 3 names by /usr/bin/make, 2026-11-30": the same kind of string. */
char *suggestion_evidence(struct suggest *suggest,
			  const struct suggestion *suggestion);
