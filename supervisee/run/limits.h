/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits: the monitor holds descriptors and threads for a whole tree, and so
 * takes all that its user may have; the program keeps what its caller had.
 */
#pragma once

#include <sys/resource.h>

struct limits {
	struct rlimit files, processes;
};

/* What this process may use; raised to the hard limits afterwards. */
void limits_raise(struct limits *ret);

/* In the program: as its caller had them. */
void limits_restore(const struct limits *limits);
