/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Profiles: what the policy files and the persisted grants say of an app.
 *
 * Domains of the same app (and the same --policy files, and variables that are
 * the program's) share one, which
 * follows the files while it lives. A reload reads everything anew and swaps
 * it, so that a profile is never half read; what cannot be read leaves the
 * last good rules in force.
 */
#pragma once

#include <event2/event.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "core/rule.h"
#include "core/rulebook.h"
#include "policy/policy.h"
#include "policy/policy_watch.h"
#include "store/grants.h"

struct past;
struct profile;

/* All profiles of a supervisor. */
struct profiles {
	TAILQ_HEAD(profile_list, profile) list;
	struct policy_watcher *watcher; /* NULL: files are not followed */
	const struct clock *clock;
	const struct policy_options *places; /* of files and grants */
	const struct past *past; /* has them instead; NULL: there is none */
	/*
	 * The files of a profile have changed, and what they say now is
	 * loaded; it is in force when it has been committed.
	 */
	void (*changed)(void *userdata, struct profile *profile);
	/* Something else is wrong with them than before; see @complaints. */
	void (*complained)(void *userdata, struct profile *profile);
	void *userdata;
};

/* What files say; most apps have none of their own, and share it. */
struct shared_policy {
	unsigned int references;
	struct policy policy;
	struct rulebook *book; /* of its rules */
};

struct profile {
	TAILQ_ENTRY(profile) link;
	unsigned int references;
	struct profiles *profiles;
	char *app;
	char **policy_files;	      /* NULL-terminated */
	char **variables;	      /* the same; NULL: our own */
	struct shared_policy *shared; /* of the files */
	struct grants *store;	      /* NULL when it cannot be opened */
	struct rulebook *grants;      /* of the store, as last read */
	uint64_t grants_version;      /* of that book, then */
	struct policy_watch *watch;
	uint64_t signature; /* of the files that were loaded; 0: not known */
	int64_t loaded;	    /* ms since boot */
	/* What was wrong when they were loaded last: sentences, for whoever
	 * sees the programs that run by them. NULL-terminated; NULL: nothing */
	char **complaints;
};

/*
 * Finds or loads the profile of an app.
 * @ret_sentence: on failure a sentence (free(3)); may be NULL
 * Returns: 0, or a negative errno.
 */
int profile_get(struct profiles *profiles, const char *app,
		const char *const *policy_files, const char *const *variables,
		struct profile **ret, char **ret_sentence);

/*
 * One that nobody has any more is kept for a while, so that the next program
 * starts without a load if no file has changed. Takes NULL; always returns
 * NULL.
 */
struct profile *profile_put(struct profile *profile);

/* Discards those that are kept; nobody has one of the others by then. */
void profiles_discard(struct profiles *profiles);

/*
 * Reads the files and the grants again. What it changes has to be committed to
 * the domains of the profile by the caller.
 * Returns: 1 when they say something else now, 0 when not, or a negative errno:
 * what holds stays. @ret_sentence: may be NULL
 */
int profile_reload(struct profile *profile, char **ret_sentence);

/*
 * The store, to change it, as it is found by its name now: a directory of state
 * may have been moved away, or replaced.
 * @ret: borrowed; it waits for no lock
 * Returns: 0, or a negative errno: nothing can be kept.
 */
int profile_store(struct profile *profile, struct grants **ret);

/*
 * Reads the grants again, once rules have been put into the store.
 * @added: these; a difference that they explain is none. May be NULL.
 * Returns: as profile_reload().
 */
int profile_reload_grants(struct profile *profile, const struct rules *added);
