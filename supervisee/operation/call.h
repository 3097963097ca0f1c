/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A system call that is notified, and where its arguments are.
 */
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

struct operation;

/* Newer than the system's headers may be. */
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452 /* Linux 6.6 */
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463 /* Linux 6.13 */
#define SYS_removexattrat 466
#endif
#ifndef SYS_file_setattr
#define SYS_file_setattr 469 /* Linux 6.17 */
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467 /* Linux 6.15 */
#endif

/* Namespaces of clone(2) that give another identity than the parent's. */
#define CALL_NAMESPACES (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID)

/* Argument numbers; -1: the call has no such argument. */
struct call {
	int number;
	const char *name;
	const struct operation *operation; /* NULL: always native */
	signed char dirfd, path;
	signed char dirfd2, path2;
	signed char flags, mode;
	uint64_t implied_flags; /* of the older forms of a call */
	/* From then on the tree may hold identities other than ours. */
	bool changes_identity;
	/* Gives up rights by the program's own Landlock domain. */
	bool confines;
};
