/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Try, then ask: a system call is made with the marker first, which costs what
 * Landlock costs, and again without it when Landlock has refused: then the
 * supervisor decides.
 *
 * The shim is loaded into programs of all kinds, between any two instructions
 * of theirs: it has no state, allocates nothing, and needs no library.
 */
#pragma once

#include <errno.h>
#include <stdint.h>

#include "seccomp/marker.h"

/* What others may call is said one by one. */
#define EXPORT __attribute__((visibility("default")))

static inline long shim_call(long number, long a, long b, long c, long d,
			     uint64_t marker)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = 0;
	register uint64_t r9 __asm__("r9") = marker;
	long result = number;

	__asm__ volatile("syscall"
			 : "+a"(result)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* Returns: as the C library's function does; errno is set only on failure. */
static inline int shim_result(long result)
{
	if (result < 0) {
		errno = (int)-result;
		return -1;
	}
	return (int)result;
}

/*
 * A signal may come before the supervisor has received the call: then nothing
 * has been done, and where a handler was installed without SA_RESTART the kernel
 * says EINTR of calls that it natively never says it of. They are made again.
 */
static inline long shim_steady(long number, long a, long b, long c, long d)
{
	long result;

	do
		result = shim_call(number, a, b, c, d, 0);
	while (result == -EINTR);
	return result;
}

/* As shim_direct(), of what may natively be interrupted. */
static inline int shim_direct_once(long number, long a, long b, long c)
{
	long result = shim_call(number, a, b, c, 0, MARKER);

	if (result == -EACCES || result == -EPERM)
		result = shim_call(number, a, b, c, 0, 0);
	return shim_result(result);
}

static inline int shim_direct(long number, long a, long b, long c, long d)
{
	long result = shim_call(number, a, b, c, d, MARKER);

	if (result == -EACCES || result == -EPERM)
		result = shim_steady(number, a, b, c, d);
	return shim_result(result);
}
