/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grants: rules that outlive a domain, or that come from outside of it.
 *
 * Applied means enforced: a grant is first committed to what runs, then
 * persisted, then reported. A revocation goes the other way round, so that a
 * crash in between takes away rather than gives.
 */
#pragma once

#include "supervision/domain.h"

/* @committed: how many domains it is in force in */
typedef void (*grant_done_fn)(void *userdata, int error, size_t committed);

/* Who wants to know what becomes of an answer. */
struct keeper {
	const char *agent; /* who decided; may be NULL */
	uint64_t question_id;
	int64_t patience_ms; /* with a lock that another process holds */
	/* Called once, later, if it is in progress: as is returned else. */
	void (*done)(struct registry *registry, uint64_t question_id,
		     int error);
};

/*
 * Persists rules that a domain has in force as provisional ones, and refreshes
 * the other domains of its app.
 * Returns: 0: they are kept; -EINPROGRESS: that will be said, as another
 * process holds the lock of the store; or another negative errno: they go on
 * as session rules.
 */
int grant_persist(struct domain *domain, const struct rules *rules,
		  const struct keeper *keeper);

/*
 * Commits rules to every domain of an app, and then persists them.
 * @rules: moved on success; rules without an id get one
 * @persist: false: for the domains that run now only
 * @done: called once, before this returns or later; not when this fails
 */
int grant_add(struct registry *registry, const char *app, struct rules *rules,
	      bool persist, grant_done_fn done, void *userdata);

/*
 * Takes a rule away: from the store and then from the domains that run. When
 * that is done it is gone from the next access on; what is already open stays
 * open.
 * @done: called once, before this returns or later; not when this fails
 * Returns: 0, -ENOENT, or another negative errno.
 */
int grant_revoke(struct registry *registry, const char *app,
		 const char *rule_id, grant_done_fn done, void *userdata);
