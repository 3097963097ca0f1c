/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrivals: who wants to know of the domains of an app that come from now on.
 */
#pragma once

#include <sys/queue.h>

struct domain;
struct registry;

struct arrival_watch {
	TAILQ_ENTRY(arrival_watch) link;
	const char *app; /* borrowed */
	/*
	 * A domain is about to make its first commit, and may get session rules
	 * for it (may be NULL).
	 * Returns: 0, or a negative errno: then it does not begin.
	 */
	int (*begins)(void *userdata, struct domain *domain);
	/* It has registered (may be NULL). */
	void (*registered)(void *userdata, struct domain *domain);
	void *userdata;
};

/* @watch: set but for its link; the caller's, until it is removed */
void arrivals_watch(struct registry *registry, struct arrival_watch *watch);

/* Takes one that is not watched, too. */
void arrivals_forget(struct registry *registry, struct arrival_watch *watch);

/* What tells of one. Returns: as @begins. */
int arrivals_begin(struct domain *domain);
void arrivals_registered(struct domain *domain);
