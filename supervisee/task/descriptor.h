/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors of supervised threads.
 */
#pragma once

#include <sys/types.h>

/*
 * Copies a descriptor of a supervised thread (pidfd_getfd(2)).
 * Returns: a descriptor, -EBADF, or another negative errno.
 */
int descriptor_copy(pid_t tid, int fd);
