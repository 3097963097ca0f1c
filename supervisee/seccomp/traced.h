/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ptrace(2) shows of a thread, and no header of the C library names. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* The signal of a stop at a system call, with PTRACE_O_TRACESYSGOOD. */
#define SYSCALL_STOP (SIGTRAP | 0x80)

/* The length of the instruction, which the ip is behind. */
#define SYSCALL_BYTES 2

/* Beneath the stack pointer, of the x86-64 ABI: a thread may be using it. */
#define RED_ZONE 128

/* Errors that no program sees: the thread goes back to its call. */
#define ERESTARTSYS 512
#define ERESTARTNOINTR 513
#define ERESTARTNOHAND 514
#define ERESTART_RESTARTBLOCK 516

/* Whether the kernel makes the call again that has come to this. */
static inline bool traced_goes_back(int64_t result)
{
	return result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK;
}
