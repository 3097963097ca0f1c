/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fast lookups: what a path most likely leads to, found out with as few system
 * calls as there can be, with our own eyes, and without holding it.
 *
 * Good for nothing but to guess that the kernel, asked by the program itself,
 * will allow it, or find nothing: names may change meanwhile, a link to what
 * belongs to a process ("/dev/stdin") could show ours. What the guess does not
 * suffice for is resolved by pin_path().
 */
#pragma once

#include <sys/types.h>

#include "path/pin.h"

/*
 * Looks where a path leads that a thread with our root and mounts has given.
 * @source: may be NULL
 * @dirfd: the thread's own, where the path is relative
 * @follow: a link at the end, too
 * @ret: its path, length and stat are set, and it holds nothing
 * Returns: 0, -ENOENT: nothing is there, or -EAGAIN: it has to be resolved by
 * pin_path().
 */
int fast_lookup(struct pin *ret, struct thread_source *source, pid_t tid,
		int dirfd, const char *path, bool follow);
