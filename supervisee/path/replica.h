/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replicas: a root directory in which the words of a path lead to one pinned
 * directory, and nowhere else whatever becomes of the names outside.
 *
 * For calls that need the program's own string, not just where it leads: a UNIX
 * socket keeps it as its address. The replica is a file system in memory, in a
 * mount namespace (and where need be a user namespace) of the caller's own,
 * with an empty directory for each word and the pinned directory at the end.
 */
#pragma once

/*
 * Enters a replica. The caller is a process that makes one call in it, and
 * ends.
 * @directory: pinned; @canonical: its path
 * @path: the program's; its last name is to be found in the directory
 * In a user namespace of its own it has no capability any more.
 * Returns: 0, or a negative errno where there can be none: then the caller's
 * names may or may not be what they were, and no call may be made.
 */
int replica_enter(int directory, const char *canonical, const char *path);
