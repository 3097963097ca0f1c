/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a filter looks at first, and what rules of libseccomp cannot say: ranges
 * of numbers that no system call known here has, which fail with ENOSYS, and
 * ioctl commands of file systems (see operation/flags.h), which are notified
 * whether they are marked or not.
 */
#pragma once

#include <linux/filter.h>

/*
 * Puts it before a filter. Returns: 0, or a negative errno: then the filter is
 * as it was.
 */
int prologue_add(struct sock_fprog *filter);
