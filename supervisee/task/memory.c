// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a supervised thread's memory: see memory.h. */
#include "task/memory.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#define PAGE_BYTES UINT64_C(4096)

int memory_read(pid_t tid, uint64_t address, void *buffer, size_t size)
{
	const struct iovec local = {buffer, size};
	const struct iovec remote = {(void *)(uintptr_t)address, size};
	ssize_t length;

	if (size == 0)
		return 0;
	length = process_vm_readv(tid, &local, 1, &remote, 1, 0);
	if (length < 0)
		return -errno;
	return (size_t)length == size ? 0 : -EFAULT;
}

ssize_t memory_read_string(pid_t tid, uint64_t address, char *buffer,
			   size_t size)
{
	size_t filled = 0;

	/*
	 * The first read ends with the page, and a second segment takes the
	 * next one: a string at the end of its mapping is read in one call,
	 * since a fault in a later segment only shortens the result.
	 */
	while (filled < size) {
		const uint64_t from = address + filled;
		const size_t room = size - filled;
		const size_t in_page = PAGE_BYTES - from % PAGE_BYTES;
		const size_t first = in_page < room ? in_page : room;
		const struct iovec local = {buffer + filled, room};
		const struct iovec remote[2] = {
			{(void *)(uintptr_t)from, first},
			{(void *)(uintptr_t)(from + first), room - first},
		};
		const ssize_t length = process_vm_readv(
			tid, &local, 1, remote, room > first ? 2 : 1, 0);
		const char *end;

		if (length < 0)
			return -errno;
		if (length == 0)
			return -EFAULT;
		end = memchr(buffer + filled, '\0', (size_t)length);
		if (end)
			return end - buffer;
		filled += (size_t)length;
	}
	return -ENAMETOOLONG;
}
