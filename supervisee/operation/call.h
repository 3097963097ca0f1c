/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of system calls that trap, and how their arguments lie.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct operation;

/* What the filter does with a call. */
enum call_kind {
	CALL_OPERATION, /* traps, and is judged */
	CALL_IDENTITY,	/* traps only so that we learn that the tree may now
			 * hold identities other than ours; always native */
	CALL_DATAGRAM,	/* the same, for datagram sockets */
};

/* Argument numbers; -1: the call has no such argument. */
struct call {
	int number;
	const char *name;
	enum call_kind kind;
	const struct operation *operation;
	signed char dirfd, path;
	signed char dirfd2, path2;
	signed char flags, mode;
	uint64_t implied_flags; /* of the older forms of a call */
};

extern const struct call calls[];
extern const size_t calls_count;

/* The entry of a system call number, NULL when it does not trap. */
const struct call *call_find(int number);
