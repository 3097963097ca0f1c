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

/*
 * Its flags in words, see flag_words.h; NULL where it has none, or the call is not
 * known. Returns: 0 or -ENOMEM.
 */
int parked_flags(const struct parked *parked, pid_t tid, char **ret);

/*
 * The path that the call has now, which others of the program may have changed
 * since the kernel read it: for people, not to be judged by.
 * @number: 0, or 1 for the second one
 * @size: of @ret, which is "" where there is none, or it cannot be read at once
 */
void parked_path(const struct parked *parked, pid_t tid, unsigned int number,
		 char *ret, size_t size);
