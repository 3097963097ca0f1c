/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes as /proc shows them: enough to tell who is inside whose tree.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * Parent and start time (field 22 of proc_pid_stat(5), clock ticks since boot)
 * of a process.
 * Returns: 0, -ESRCH when there is none, or another negative errno.
 */
int process_stat(pid_t pid, pid_t *ret_parent, uint64_t *ret_start);

/*
 * The same out of the text of such a file.
 * Returns: 0, or -EIO: it says something else.
 */
int process_stat_parse(const char *text, pid_t *ret_parent,
		       uint64_t *ret_start);

/*
 * "Seccomp_filters" in a file as /proc/PID/status.
 * Returns: -ENODATA when there is none.
 */
int process_filters_read(FILE *status);

/* Whether a process with that start time still runs. */
bool process_alive(pid_t pid, uint64_t start);

/*
 * Calls back for @pid and each process above it, nearest first, until the
 * callback returns true. A parent that is younger than its child is a reused
 * number, and the walk is begun anew; after some tries it fails.
 * Returns: 1 when the callback returned true, 0 when none did, or a negative
 * errno: unknown, which a caller that guards something takes as "inside".
 */
int process_walk(pid_t pid, bool (*match)(void *userdata, pid_t pid),
		 void *userdata);

/*
 * Whether a process may be supervised, by anybody: it runs under more seccomp
 * filters than the first process here. Whatever is supervised has inherited
 * one from where its tree begins, and a filter cannot be taken off; the kernel
 * tells how many there are of every process, even to one that has confined
 * itself. A process in a sandbox of somebody else's that filters counts as
 * supervised, too, and so does one of which it cannot be found out.
 *
 * A process that filters only the calls of threads that it has started does
 * not, as its first thread is looked at.
 */
bool process_is_supervised(pid_t pid);

/*
 * Whether /proc shows this process, by its own number. Where it is not mounted,
 * or is another PID namespace's, nothing can be known of anybody.
 */
bool process_is_visible(void);
