/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls of 32-bit programs, made from a 64-bit one (x86-64 only).
 *
 * Some kernels are built or started without them, and some virtual machines
 * cannot pass them on: there the instruction is a fault.
 */
#pragma once

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>

static sigjmp_buf i386_fault;

static void i386_on_fault(int signal)
{
	(void)signal;
	siglongjmp(i386_fault, 1);
}

/*
 * Calls @number, as 32-bit programs number them, with addresses below 4 GiB.
 * @ret: the result, a negative errno on failure
 * Returns: false where there are no such calls.
 */
static inline bool i386_call(int number, const void *first, long second,
			     long third, int *ret)
{
	const struct sigaction action = {.sa_handler = i386_on_fault};
	struct sigaction former;
	volatile bool made = false;

	sigaction(SIGSEGV, &action, &former);
	if (sigsetjmp(i386_fault, 1) == 0) {
		__asm__ volatile("int $0x80"
				 : "=a"(*ret)
				 : "a"(number), "b"(first), "c"(second),
				   "d"(third)
				 : "memory", "r8", "r9", "r10", "r11");
		made = true;
	}
	sigaction(SIGSEGV, &former, NULL);
	return made;
}
