/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that reach out of a tree, or that could: each says what became of it in
 * a line, "NAME ok" or "NAME ERROR".
 */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct part {
	const char *name;
	/* Returns: an exit status. */
	int (*function)(char **arguments);
};

/* Tables that end with a name that is NULL. */
extern const struct part outside_sockets[];
extern const struct part outside_processes[];
extern const struct part outside_ipc[];

static inline void say(const char *name, long result)
{
	printf("%s %s\n", name, result < 0 ? strerrorname_np(errno) : "ok");
}
