/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resource limits of supervised threads, whoever they have become: one that has
 * changed its user hides them from prlimit(2), but not from proc(5).
 */
#pragma once

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

/*
 * @resource: RLIMIT_FSIZE, RLIMIT_LOCKS, RLIMIT_MSGQUEUE or RLIMIT_NOFILE
 * Returns: 0, -ESRCH, or another negative errno.
 */
int resource_limit(pid_t tid, int resource, struct rlimit *ret);

/*
 * The same from a line of /proc/TID/limits, of whichever resource.
 * Returns: whether it could be read.
 */
bool resource_limit_parse(const char *line, struct rlimit *ret);
