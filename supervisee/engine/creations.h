/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a tree has made: files, directories, links, pipes and sockets that it was
 * allowed to make where no rule allows to use them. They are its own for as long
 * as it runs, by object and not by name: it may use them without a question,
 * where no rule denies or asks for that.
 *
 * An object is known by all that tells it from a later one with the same number:
 * the handle that its file system gives it, and its time of birth.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/ruleset.h"
#include "engine/judge.h"

struct creations;

/* Returns: 0 or -ENOMEM. creations_free() takes NULL and returns it. */
int creations_new(struct creations **ret);
struct creations *creations_free(struct creations *creations);

/*
 * Adds what has a name in a directory that is open, a link too, and was made at
 * this time or later; or, for the name "", what is open (O_PATH will do). What
 * cannot be told from a later object is not added, and so is asked about.
 * @since: of CLOCK_REALTIME_COARSE in nanoseconds; 0: nobody else can have made
 * it
 */
void creations_add(struct creations *creations, int at, const char *name,
		   int64_t since);

/* Whether what is open is one of them. */
bool creations_has(const struct creations *creations, int fd);

/*
 * The last name of an object is gone. A directory is forgotten, since nothing is
 * done in it any more; a file that a program has open may still be used, and is
 * forgotten when there are many of them.
 */
void creations_remove(struct creations *creations, dev_t device, ino_t inode,
		      bool directory);

/*
 * Whether all that is missing of accesses may be done since the objects are the
 * tree's own, or lie in a directory that is.
 * @detail: what judge() said of the accesses, with JUDGED_ASKED
 */
bool creations_covers(const struct creations *creations,
		      const struct ruleset *ruleset,
		      const struct accesses *accesses,
		      const struct judged_detail *detail,
		      struct process_id process);
