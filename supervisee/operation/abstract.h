/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Abstract UNIX addresses: whose they are.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether the socket that is bound to an abstract address belongs to a process
 * of the tree: then it lies within the domain, and no scope is crossed.
 * @name: without the leading NUL; names that contain a NUL are nobody's
 * @tid: a thread in whose network namespace the name is meant
 * @monitor: the ancestor of the tree
 */
bool abstract_is_within(const char *name, size_t length, pid_t tid,
			pid_t monitor);
