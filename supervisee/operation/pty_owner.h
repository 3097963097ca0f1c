/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose a pseudo-terminal is. Who has the end that /dev/ptmx gave can read and
 * write all that passes, so that the other end, /dev/pts/N, is its own.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Whether something is the end of a pseudo-terminal that has a name. */
bool pty_owner_concerns(const struct stat *st);

/*
 * Whether a process below the monitor has the other end. Where there are several
 * instances of devpts nobody can tell.
 */
bool pty_owner_find(pid_t monitor, const struct stat *st);
