/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grants: persisted decisions, one file an app, $XDG_STATE_HOME/landlord/
 * grants/APP.jsonl, written by programs only. One JSON object a line:
 *
 *	{"version":1,"id":"k3w9tq2x","effect":"allow",
 *	 "rights":["fs.read_file"],"object":"/etc/shadow","beneath":false,
 *	 "agent":"terminal","time":"2025-01-31T12:00:00Z","expires":null}
 *
 * (on one line). "object" is escape_string() of object_format(), so that any
 * bytes survive. Of several lines with one id the last counts, and if its
 * effect is "revoked" none does.
 *
 * Changes are made under a lock, so that any number of processes may write.
 * They append lines; now and then one that leaves out what has no say any more,
 * and one that takes some rights of a grant and leaves others, replaces the file
 * atomically. So what a change costs whoever has the file in memory does not
 * depend on how many grants there are. A kill at any point
 * leaves the old file or the new one, or behind what was reported the beginning
 * of a line that was not, which nobody minds and the next change cuts off.
 * Other lines that are not understood are kept as they are and reported; since
 * one may have been a refusal, no program is started until somebody has looked
 * at it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/file_errors.h"
#include "core/rule.h"
#include "core/rulebook.h"

struct grants;

/*
 * Opens the grants of an app; makes the directory (0700) if it is missing.
 * Returns: 0; -EPERM when the directory or file belongs to somebody else or
 *          others may write it; -ELOOP for symbolic links; or another negative
 *          errno.
 */
int grants_open(struct grants **ret, const char *directory, const char *app);

/*
 * Whether there is no such directory for sure, so that nobody has ever kept
 * anything there.
 */
bool grants_are_absent(const char *directory);

/* Whether the directory's name still leads to the one that was opened. */
bool grants_are_in_place(const struct grants *grants);

/*
 * How long changes wait for the lock before they fail with -EBUSY, which is
 * some seconds otherwise; 0: not at all, for whoever runs a loop.
 */
void grants_set_wait(struct grants *grants, int64_t ms);

/* Takes NULL; always returns NULL. */
struct grants *grants_close(struct grants *grants);
DEFINE_CLEANUP(struct grants *, grants_close);

/*
 * Reads all grants as rules of the user's layer, each with id, origin and
 * expiry. Those that have expired at @now are left out.
 * Returns: 0 (also when there is no file yet), or a negative errno.
 */
int grants_load(struct grants *grants, int64_t now, struct rules *ret,
		struct file_errors *errors);

/*
 * The same as a book, which is not copied: what has expired may still be in it.
 * If the file is as it was, nothing is read.
 * @ret: borrowed, until the next call that is given @grants; what this program
 *       adds is added to it, and who else has written makes it another one
 * Returns: as grants_load().
 */
int grants_refresh(struct grants *grants, struct rulebook **ret,
		   struct file_errors *errors);

/*
 * Persists rules. When it returns 0 they are on the disk. A rule that is there
 * already (same effect, object, scope) is replaced and its rights joined.
 * Rights that an older one of the same object held with another effect go over
 * to the new one, since what was decided last counts. Expired grants go on the
 * occasion.
 * @rules: not bound to a process; on success each gets an id and an origin
 * @agent: who decided
 * Returns: 0; -EBUSY when another process holds the lock for seconds; -EINVAL
 *          for a rule that cannot be persisted; or another negative errno:
 *          nothing was reported as persisted.
 */
int grants_add(struct grants *grants, struct rules *rules, const char *agent,
	       int64_t now);

/*
 * Takes a grant back.
 * @agent: who does
 * Returns: 0, -ENOENT, or another negative errno.
 */
int grants_revoke(struct grants *grants, const char *id, const char *agent,
		  int64_t now);

/*
 * Takes back all grants that a function wants to be; those that have expired go
 * with them.
 * @ret_count: how many it were
 * Returns: 0 or a negative errno.
 */
int grants_revoke_some(struct grants *grants,
		       bool (*wanted)(void *userdata, const struct rule *rule),
		       void *userdata, int64_t now, size_t *ret_count);

/*
 * Removes the file, and with it also what is not understood.
 * Returns: 0 (also when there was none) or a negative errno.
 */
int grants_forget(struct grants *grants);

/*
 * The directory of this user, $XDG_STATE_HOME/landlord/grants.
 * Returns: 0, -ENOENT without a home directory, -ENOMEM.
 */
int grants_directory(char **ret);

/* What a watch looks at. Lives as long as @grants. */
const char *grants_path(const struct grants *grants);
