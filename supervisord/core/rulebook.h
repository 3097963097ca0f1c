/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rulebooks: rules that come and go, each where its object is.
 *
 * Every change makes a new version, and what a version said can be read as long
 * as the book is there: a rule is seen from the version that added it up to the
 * one that removed it. So a change costs as much as the rule that it is about,
 * however many there are, and whoever judges by an older version (ruleset.h)
 * sees nothing of it. What has been removed takes memory until rulebook_tidy().
 *
 * A book and all that is made of it belong to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "core/rule.h"

struct rulebook;

/* Returns: 0 or -ENOMEM. */
int rulebook_new(struct rulebook **ret);

struct rulebook *rulebook_ref(struct rulebook *book);
/* Takes NULL; always returns NULL. */
struct rulebook *rulebook_unref(struct rulebook *book);
DEFINE_CLEANUP(struct rulebook *, rulebook_unref);

/*
 * Adds a rule.
 * @rule: moved on success, and then zeroed
 * Returns: 0, -ENOMEM, -EINVAL for a rule that makes no sense: nothing changed.
 */
int rulebook_take(struct rulebook *book, struct rule *rule);

/* Adds copies, all or none. Returns: the same. */
int rulebook_append(struct rulebook *book, const struct rules *rules);

/* Removes the rules with an id. Returns: whether there was one. */
bool rulebook_remove(struct rulebook *book, const char *id);

/* Removes those whose expiry has passed. */
void rulebook_expire(struct rulebook *book, int64_t now);

/* Removes those that are for one process, if it has ended. */
void rulebook_prune(struct rulebook *book,
		    bool (*alive)(pid_t pid, uint64_t start));

/*
 * Replaces a book that mostly remembers what was removed by one that does not.
 * Whoever holds the old one keeps it. Without memory nothing happens.
 */
void rulebook_tidy(struct rulebook **book);

/* How many rules it has now. */
size_t rulebook_count(const struct rulebook *book);

/* How many of them are for one process. */
size_t rulebook_bound(const struct rulebook *book);

/* The version of now. */
uint64_t rulebook_version(const struct rulebook *book);

/* The rule with an id, NULL when there is none now; owned by the book. */
const struct rule *rulebook_find(const struct rulebook *book, const char *id);

/*
 * Calls back for the rules of now about an object that is equal, newest first.
 * No callback of a book may change it.
 * Returns: 0, or the first non-zero value of the callback.
 */
typedef int (*rulebook_fn)(void *userdata, const struct rule *rule);
int rulebook_about(const struct rulebook *book, const struct object *object,
		   rulebook_fn callback, void *userdata);

/* The same for all rules that a version sees, in the order they came in. */
int rulebook_each(const struct rulebook *book, uint64_t version,
		  rulebook_fn callback, void *userdata);

/*
 * The same for those that one version sees and an earlier one does not, or the
 * other way round. It costs as much as has changed between them.
 */
int rulebook_added(const struct rulebook *book, uint64_t from, uint64_t to,
		   rulebook_fn callback, void *userdata);
int rulebook_removed(const struct rulebook *book, uint64_t from, uint64_t to,
		     rulebook_fn callback, void *userdata);
