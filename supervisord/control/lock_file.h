/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks of a single instance: a file that its owner keeps locked, which ends
 * with the process, whatever ends it. The name of the file can be cleaned away;
 * then the lock keeps nobody out any more, and has to be taken anew.
 */
#pragma once

#include <stdbool.h>

/*
 * @directory: nobody else may write there
 * Returns: a descriptor that holds the lock, -EADDRINUSE when another process
 * does, or another negative errno.
 */
int lock_file_take(int directory, const char *name);

/* Whether the name still leads to what @lock holds. */
bool lock_file_holds(int lock, int directory, const char *name);
