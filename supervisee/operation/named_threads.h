/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threads that a call is about, which names them by numbers.
 *
 * Those of the caller's own process are the kernel's business: while the caller
 * runs the call, its numbers are its own. All others are held (see
 * task/hold.h), so that those that were looked at are those that are acted
 * upon. What is not of the tree is not among them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "operation/notif.h"

struct hold;

struct named_threads {
	pid_t *tids; /* which keep their numbers, as held; 0: none; owned */
	size_t count;
	struct hold *hold;
};

/*
 * Finds the one thread of a number. Sets notif->exposed.
 * Returns: 0; STEP_NATIVE when it is the caller's own, its process's first
 * thread's, or nobody's ever; -ESRCH; -EPERM for one that is not of the tree,
 * or cannot be held.
 */
int named_threads_one(struct named_threads *ret, struct notif *notif,
		      pid_t number);

/*
 * Finds all threads of a process group, or of a user, within the tree.
 * @number: as the call names it, 0 for the caller's own
 * Returns: 0, -EPERM when it could not be found out, or there are none but
 * others'; -ESRCH when there are none.
 */
int named_threads_group(struct named_threads *ret, struct notif *notif,
			pid_t number);
int named_threads_user(struct named_threads *ret, struct notif *notif,
		       uid_t number);

/* Lets them go, and empties the set, which may be empty. */
void named_threads_release(struct named_threads *named);
