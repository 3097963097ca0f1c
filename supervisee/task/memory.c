// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a supervised thread's memory: see memory.h. */
#include "task/memory.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#define PAGE_BYTES UINT64_C(4096)
#define SHORT_BYTES 256 /* of a string, read at first */

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
	size_t filled = 0, wanted = SHORT_BYTES;

	/*
	 * Most paths are short, and what is read besides costs time. No read
	 * goes beyond the page, since the next one may not be there.
	 */
	while (filled < size) {
		const uint64_t from = address + filled;
		const size_t in_page = PAGE_BYTES - from % PAGE_BYTES;
		size_t length = size - filled;
		const char *end;
		int error;

		if (length > wanted)
			length = wanted;
		if (length > in_page)
			length = in_page;
		error = memory_read(tid, from, buffer + filled, length);
		if (error)
			return error;
		end = memchr(buffer + filled, '\0', length);
		if (end)
			return end - buffer;
		filled += length;
		wanted = PAGE_BYTES;
	}
	return -ENAMETOOLONG;
}
