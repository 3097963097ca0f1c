/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks between processes of one user: a file that one of them holds.
 *
 * A process that may only read the file cannot hold the lock. A supervised
 * program may well be allowed to read it, and could otherwise keep everybody
 * else waiting for as long as it likes; no rule lets it write the file.
 */
#pragma once

#include <stdint.h>

struct clock;

/*
 * Takes a lock, without waiting.
 * @directory: where the file is, or AT_FDCWD; one that only the user can change
 * @name: of the file, or its path; it is made if there is none
 * Returns: a descriptor that holds the lock until it is closed; -EBUSY: another
 *          open file does; another negative errno.
 */
int lock_take(int directory, const char *name);

/*
 * The same, and where another open file holds the lock waits until it is let go.
 * @ms: milliseconds by the clock; 0: as lock_take()
 */
int lock_wait(int directory, const char *name, const struct clock *clock,
	      int64_t ms);
