/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that waits for an answer in the kernel: the system call that it is
 * about to make again.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct parked {
	int number; /* of the system call; -1: not known */
	uint64_t args[6];
};

/* Reads what proc_pid_syscall(5) says. */
void parked_read(struct parked *ret, pid_t tid);

/*
 * What the call is called, by a person.
 * @operation: LANDLOCK_OPERATION_*, where the call is not known
 */
const char *parked_name(const struct parked *parked, uint32_t operation);

/* The flags of an open(2) of any kind; 0 where they are not known. */
uint64_t parked_open_flags(const struct parked *parked, pid_t tid);
