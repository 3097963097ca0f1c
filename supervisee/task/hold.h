/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holding threads by their numbers, for calls that know threads by nothing
 * else.
 *
 * A pidfd does not keep a number from passing to another process: when a
 * process has ended and its parent knows, the number is free. One that is
 * traced stays until its tracer knows, too. So a thread of ours traces those
 * that are held (PTRACE_SEIZE, which they do not notice), never waits for them,
 * and ends, which lets them go.
 *
 * What is not kept is the number of a thread, not the first of its process,
 * that executes a program in that very moment: it takes the number of the
 * first.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct hold;

/*
 * Holds threads, as long as the caller's own thread does not wait for any of
 * them.
 * @tids: those that have ended, or cannot be traced, become 0
 * Returns: 0, -ENOMEM, -EAGAIN when it would take long.
 */
int hold_new(struct hold **ret, pid_t *tids, size_t count);

/* Lets them go. Returns: NULL. */
struct hold *hold_free(struct hold *hold);
