/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attacks: attempts to do what nobody has allowed, one function each.
 */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct attack {
	const char *name;
	/*
	 * Tries it. Returns: 0: it was refused; 1: it was not, and a line says
	 * so; 77: it cannot be tried here.
	 */
	int (*function)(char **arguments);
};

/* Tables that end with a name that is NULL. */
extern const struct attack attacks_by_files[];
extern const struct attack attacks_by_paths[];
extern const struct attack attacks_by_processes[];
extern const struct attack attacks_by_sockets[];
extern const struct attack attacks_by_calls[];
extern const struct attack attacks_by_descriptors[];
extern const struct attack attacks_by_ways[];
extern const struct attack attacks_on_outsiders[];

/* Says that an attack was refused, and with which error. Returns: 0. */
static inline int refused(const char *what)
{
	printf("refused: %s: %s\n", what, strerror(errno));
	return 0;
}

/* Says that it was not. Returns: 1. */
static inline int hole(const char *what)
{
	printf("hole: %s\n", what);
	return 1;
}
