/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Abstract UNIX addresses: whose they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "operation/notif.h"

/*
 * Whether the socket that is bound to an abstract address belongs to a process
 * of the tree: then it lies within the domain, and no scope is crossed.
 * @name: without the leading NUL; names that contain a NUL are nobody's
 * @notif: whose socket is to be connected, in the network namespace of which
 * the name is meant
 */
bool abstract_is_within(const char *name, size_t length,
			const struct notif *notif);

/*
 * The inode of the socket that is bound to a name, as a table in the form of
 * proc_net_unix(5) says; 0: none. A hint only: the text shows names as they
 * are, line ends too, so that one name can look like a line about another.
 */
ino_t abstract_look_up(FILE *table, const char *name, size_t length);
