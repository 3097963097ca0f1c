/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Borrowing a held thread: it makes system calls for us, and afterwards the one
 * that it was about to make, as if nothing had been.
 *
 * The thread is stopped at the entry of a system call of its own, by ptrace(2),
 * before any filter has looked at it. Nothing that the program has is touched:
 * no memory, and no registers that are not put back. Signals wait meanwhile.
 * Filters of the program's own hold for these calls, and may answer them in the
 * kernel's place: what a call returns proves nothing.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

struct borrowed {
	pid_t tid;
	struct user_regs_struct original;
	uint64_t site;	  /* of its system call instruction */
	uint64_t signals; /* its own mask */
	int signal;	  /* that came meanwhile, to be handed on; 0: none */
};

/* Returns: 0, -ESRCH when it is gone, -ENOEXEC where it cannot be borrowed. */
int borrow_begin(struct borrowed *ret, pid_t tid);

/*
 * Makes a call. Returns: 0 (what it returned is in @ret_value), -ESRCH when the
 * thread is gone, -ETIME when it does not come back from it.
 */
int borrow_call(struct borrowed *borrowed, long number,
		const uint64_t arguments[3], int64_t *ret_value);

/* Maps a page that the program may only read. Returns: 0 or as borrow_call().
 */
int borrow_map(struct borrowed *borrowed, size_t size, uint64_t *ret_place);

/* Writes there. Returns: 0 or a negative errno. */
int borrow_write(const struct borrowed *borrowed, uint64_t place,
		 const void *bytes, size_t size);

/*
 * Makes the thread ready to make its own call again; it stays stopped.
 * Returns: 0 or a negative errno.
 */
int borrow_end(struct borrowed *borrowed);
