/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a supervised thread's memory. What was read counts only if the
 * notification is still valid afterwards: until then the pid may have passed
 * to another process.
 */
#pragma once

#include <stdbool.h>

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Guarded reading: a page that is not there may have to come from a file system
 * that never answers, and whoever reads it would wait for it. The calling
 * thread does not, from here on: it reads only what is in memory, and fails
 * with -EAGAIN where something is not.
 */
void memory_guard(void);

/*
 * Ends that. Returns: whether something was not there; @ret_missing: the
 * address.
 */
bool memory_unguard(uint64_t *ret_missing);

/*
 * Changes with each access of the thread that has guarded one before, and is
 * odd during it: between the look whether a page is there and the access it may
 * be taken away, and what is written to may have to come as well. For a
 * watchdog.
 */
unsigned int memory_beat(void);

/*
 * Reads exactly @size bytes. Returns: 0, -EFAULT, -EPERM, -ESRCH.
 */
int memory_read(pid_t tid, uint64_t address, void *buffer, size_t size);

/* Writes. Returns: 0 or -EFAULT. */
int memory_write(pid_t tid, uint64_t address, const void *buffer, size_t size);

/*
 * Reads a NUL-terminated string.
 * @size: room in @buffer, NUL included
 * Returns: its length, -ENAMETOOLONG when it does not fit, -EFAULT, ...
 */
ssize_t memory_read_string(pid_t tid, uint64_t address, char *buffer,
			   size_t size);
