/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Confinements: what programs of a tree have given up by themselves, with
 * Landlock rulesets of their own (landlock_restrict_self(2)).
 *
 * The kernel applies these to what it does for such a program; a process that acts
 * for it enters the same rulesets first (see identity.h).
 *
 * The kernel does not tell which processes a domain holds. So each is marked:
 * the hard limit RLIMIT_LOCKS, which has had no meaning since Linux 2.4 and is
 * inherited as a domain is, says which confinement it has. The filter keeps
 * programs from setting it (see filter.h). Threads of one process share the
 * mark: where one of them confines itself, too little is performed for the
 * others, never too much.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <linux/seccomp.h>
#include <sys/types.h>

#define CONFINEMENT_LAYERS_MAX 16 /* LANDLOCK_MAX_NUM_LAYERS */

struct confinements;

/*
 * @monitor: the ancestor of the tree
 * Returns: 0 or -ENOMEM. confinements_free() returns NULL.
 */
int confinements_new(struct confinements **ret, pid_t monitor);
struct confinements *confinements_free(struct confinements *confinements);

/*
 * Marks the process of a thread that is about to confine itself.
 * @fd: the thread's descriptor of the ruleset
 * Returns: 0, also when there is nothing to remember; -E2BIG when there are too
 * many confinements, or another negative errno: then it must not happen.
 */
int confinements_add(struct confinements *confinements, pid_t tid, int fd);

/*
 * Whether a descriptor is a supervisor's of Landlock: its rules are those of
 * domains within, and only who made it may add one.
 */
bool confinements_supervise(pid_t tid, int fd);

/*
 * Makes landlock_add_rule(2) for a thread, on copies of its descriptors: while
 * the kernel looked at their numbers again, they could mean other rulesets. One
 * that confines somebody already gets no more rules: they would give back what
 * was given up.
 * @data: of the call
 * Returns: 0 or the negative errno that the call deserves.
 */
int confinements_add_rule(const struct confinements *confinements, pid_t tid,
			  const struct seccomp_data *data);

/*
 * The other half of the mark, the soft limit: that the marker (see
 * seccomp/marker.h) has been taken from every thread of a process, and so from
 * whatever is born of it. Returns: 0 or a negative errno.
 */
int confinement_set_recalled(pid_t pid);
bool confinement_is_recalled(pid_t pid);

/*
 * The rulesets that confine a thread, the oldest first.
 * @ret: borrowed descriptors, valid as long as the thread lives
 * Returns: how many, or a negative errno.
 */
int confinements_of(const struct confinements *confinements, pid_t tid,
		    int ret[CONFINEMENT_LAYERS_MAX]);
