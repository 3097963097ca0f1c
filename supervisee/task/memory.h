/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a supervised thread's memory. What was read counts only if the
 * notification is still valid afterwards: until then the pid may have passed
 * to another process.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Reads exactly @size bytes. Returns: 0, -EFAULT, -EPERM, -ESRCH.
 */
int memory_read(pid_t tid, uint64_t address, void *buffer, size_t size);

/*
 * Reads a NUL-terminated string.
 * @size: room in @buffer, NUL included
 * Returns: its length, -ENAMETOOLONG when it does not fit, -EFAULT, ...
 */
ssize_t memory_read_string(pid_t tid, uint64_t address, char *buffer,
			   size_t size);
