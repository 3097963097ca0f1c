/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `landlord doctor` is told by the program that it is part of: the engines
 * know what they ask about, and this library does not.
 */
#pragma once

#include <stddef.h>

struct doctor_row {
	const char *subject; /* "fs.read_file", "sendmsg on UNIX sockets" */
	const char *state;   /* "asked", "static", "refused" */
	const char *note;    /* why; may be NULL */
};

/*
 * What is asked, held by the static layer, or refused on this kernel.
 * Returns: an array (static storage), *ret_count its length.
 */
extern const struct doctor_row *(*doctor_coverage)(size_t *ret_count);

/* A system call and what becomes of it; of landlord-coverage(7). */
struct doctor_call {
	int number;
	const char *name;
	const char *state; /* "harmless", "judged", "refused", "stated" */
	const char *reason;
};

/* Calls back for every system call that is known. */
extern void (*doctor_calls)(void (*callback)(const struct doctor_call *call,
					     void *userdata),
			    void *userdata);

/* Name of the engine that would be chosen, and why; static storage. */
extern const char *(*doctor_engine)(const char **ret_why);
