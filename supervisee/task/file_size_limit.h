/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A limit of a supervised thread.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/*
 * How large a file the thread may make: RLIMIT_FSIZE.
 * @ret: bytes, -1 for any size
 * Returns: 0 or a negative errno.
 */
int file_size_limit(pid_t tid, int64_t *ret);
