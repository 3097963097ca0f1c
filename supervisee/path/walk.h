/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resolving a path component by component, for paths whose meaning depends on
 * who resolves them: /proc/self and /proc/thread-self mean the supervised
 * thread here, magic links (/proc/PID/fd/N, cwd, root, exe) are jumped only
 * for processes that the thread itself could look into, and ".." and absolute
 * links stop at the thread's root. The kernel resolves everything else.
 */
#pragma once

#include <stdint.h>

#include "path/lookup_base.h"

/*
 * @oflags: O_NOFOLLOW for the last component, or 0
 * @resolve: RESOLVE_* of openat2(2)
 * @ret_number: the number N of a link /proc/PID/fd/N at its end; -1: it does
 * not end at one Returns: an O_PATH descriptor, or a negative errno.
 */
int walk_path(const struct lookup_base *base, const char *path, int oflags,
	      uint64_t resolve, int *ret_number);
