/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a supervised thread's memory: see memory.h. */
#include "task/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

#define PAGE_BYTES UINT64_C(4096)
#define SHORT_BYTES 256 /* of a string, read at first */

static _Thread_local bool guarded, watched;
static _Thread_local uint64_t missing; /* 0: nothing */
static atomic_uint beat;

void memory_guard(void)
{
	guarded = watched = true;
	missing = 0;
}

bool memory_unguard(uint64_t *ret_missing)
{
	guarded = false;
	*ret_missing = missing;
	return missing;
}

unsigned int memory_beat(void)
{
	return atomic_load(&beat);
}

static void count_access(void)
{
	if (watched)
		atomic_fetch_add(&beat, 1);
}

/* The same by proc_pid_pagemap(5), which says it of the pages of one's own user. */
static bool is_mapped(pid_t tid, uint64_t address)
{
	static const uint64_t present = UINT64_C(1) << 63;
	_cleanup_fd_ int fd = -1;
	uint64_t entry = 0;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)tid);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return fd >= 0 &&
	       pread(fd, &entry, sizeof(entry),
		     (off_t)(address / PAGE_BYTES * sizeof(entry))) ==
		       sizeof(entry) &&
	       entry & present;
}

/*
 * Whether a page is in memory, or nowhere: then there is nothing to wait for.
 * The kernel only looks into its tables for that.
 */
static bool is_there(pid_t tid, uint64_t address)
{
	void *page = (void *)(uintptr_t)(address & ~(PAGE_BYTES - 1));
	int status = -ENOENT;

	if (syscall(SYS_move_pages, tid, 1UL, &page, NULL, &status, 0) == 0)
		return status != -ENOENT;
	/* There are kernels that move none. */
	if (errno == ENOSYS)
		return is_mapped(tid, address);
	return errno == ESRCH || errno == EPERM;
}

static bool are_there(pid_t tid, uint64_t address, size_t size)
{
	uint64_t at = address;

	do {
		if (!is_there(tid, at)) {
			missing = at ? at : 1;
			return false;
		}
		at = (at & ~(PAGE_BYTES - 1)) + PAGE_BYTES;
	} while (at - address < size);
	return true;
}

static ssize_t read_remote(pid_t tid, const struct iovec *local,
			   const struct iovec *remote)
{
	ssize_t length;

	if (guarded && !are_there(tid, (uint64_t)(uintptr_t)remote->iov_base,
				  remote->iov_len)) {
		errno = EAGAIN;
		return -1;
	}
	count_access();
	length = process_vm_readv(tid, local, 1, remote, 1, 0);
	count_access();
	return length;
}

int memory_write(pid_t tid, uint64_t address, const void *buffer, size_t size)
{
	const struct iovec local = {(void *)(uintptr_t)buffer, size};
	const struct iovec remote = {(void *)(uintptr_t)address, size};
	ssize_t length;

	count_access();
	length = process_vm_writev(tid, &local, 1, &remote, 1, 0);
	count_access();
	return length == (ssize_t)size ? 0 : -EFAULT;
}

int memory_read(pid_t tid, uint64_t address, void *buffer, size_t size)
{
	const struct iovec local = {buffer, size};
	const struct iovec remote = {(void *)(uintptr_t)address, size};
	ssize_t length;

	if (size == 0)
		return 0;
	length = read_remote(tid, &local, &remote);
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
