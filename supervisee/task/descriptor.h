/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors of supervised threads.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "core/right.h"

/*
 * Copies a descriptor of a supervised thread (pidfd_getfd(2)).
 * Returns: a descriptor, -EBADF, or another negative errno.
 */
int descriptor_copy(pid_t tid, int fd);

/* The two steps of it, for who copies more than one: see thread_source.h. */
int descriptor_open_thread(pid_t tid);
int descriptor_copy_by(int pidfd, int fd);

/*
 * Whether a thread's descriptor is open for writing, and not of a device; false
 * when it is none.
 */
bool descriptor_is_written(pid_t tid, int fd);

/*
 * What a thread may do with an object by a descriptor of it that it has: read,
 * write, and truncate what the supervisor was started with as well.
 * Returns: nothing where the descriptor is of another object, or is none.
 */
rights_t descriptor_rights(pid_t tid, int fd, const struct stat *object);

/*
 * Whether a process has one thread, so that nobody can exchange a descriptor
 * of it while that thread waits; but see CLONE_FILES.
 */
bool descriptors_are_private(pid_t tid);
