/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doors: other ways to call the kernel. */
#include "../i386.h"
#include "sidedoor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int door_io_uring(const char *file)
{
	struct io_uring_params params = {0};
	const long fd = syscall(SYS_io_uring_setup, 4, &params);

	(void)file;
	if (fd < 0)
		return shut("io_uring_setup");
	printf("open: io_uring_setup\n");
	return 1;
}

/* The calling convention of 32 bits: other numbers for the same calls. */
int door_i386(const char *file)
{
#ifdef __x86_64__
	char *const low = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	int fd;

	if (low == MAP_FAILED)
		return 77;
	snprintf(low, 8192, "%s", file);
	if (!i386_call(5, low, O_RDONLY, 0, &fd)) {
		printf("skip: no 32-bit calls on this machine\n");
		return 77;
	}
	errno = fd < 0 ? -fd : 0;
	return look("int 0x80", fd);
#else
	(void)file;
	return 77;
#endif
}

int door_x32(const char *file)
{
#ifdef __x86_64__
	return look("x32", (int)syscall(0x40000000 + SYS_openat, AT_FDCWD, file,
					O_RDONLY, 0));
#else
	(void)file;
	return 77;
#endif
}
