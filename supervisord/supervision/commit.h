/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commits: how rules come into force in a domain, a generation at a time.
 *
 * What is in force is what four books say together (see domain.h): those of the
 * profile, policy files and persisted grants of the app, and the domain's own,
 * to which the changes under way are added. One commit
 * is in flight at a time; what changes meanwhile goes into the next one. A
 * change is done when the generation that carries it is in force, or when that
 * commit failed, and then the last good generation stays.
 */
#pragma once

#include "supervision/domain.h"

/* Called once: the change is in force (0), or is not (a negative errno). */
typedef void (*change_done_fn)(void *userdata, struct domain *domain,
			       const struct rules *rules, int error);

/*
 * The first commit of a domain.
 * Returns: 0 or -EINPROGRESS, and then domain_committed() is to be called or
 * will be; or another negative errno.
 */
int domain_start(struct domain *domain);

/* The commit in flight ended: 0, or a negative errno. */
void domain_committed(struct domain *domain, int error);

/* Makes a new generation of what holds now (a reload, an expiry). */
void domain_refresh(struct domain *domain);

/* Does that for the domains of which a rule has expired. */
void domains_expire(struct registry *registry);

/*
 * Brings session rules into force; rules without an id get one.
 * @rules: moved
 * @provisional: they are to be persisted: domain_forget() is called once they
 * are, domain_keep() if they cannot be
 * @done: called before this returns, or later; not when this fails
 * Returns: 0, or a negative errno: nothing has changed.
 */
int domain_change(struct domain *domain, struct rules *rules, bool provisional,
		  change_done_fn done, void *userdata);

/*
 * Turns provisional rules that could not be persisted into session rules, and
 * commits a generation with them: only session rules survive this process.
 */
void domain_keep(struct domain *domain, const struct rules *rules);

/* Ends all changes that are under way with -ECANCELED. */
void domain_cancel_changes(struct domain *domain);
