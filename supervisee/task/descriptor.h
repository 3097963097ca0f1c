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

/*
 * The thread whose descriptors were copied last: often it is the next one, too.
 * Zero it to start; for one thread of ours.
 */
struct descriptor_source {
	pid_t tid; /* 0: none */
	int pidfd; /* owned */
};

/* As descriptor_copy(), with fewer calls for the same thread again. */
int descriptor_copy_from(struct descriptor_source *source, pid_t tid, int fd);
void descriptor_source_close(struct descriptor_source *source);

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
