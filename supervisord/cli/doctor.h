/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `landlord doctor` is told by the program that it is part of: the engines
 * know what they ask about, this library does not.
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

/* Name of the engine that would be chosen, and why; static storage. */
extern const char *(*doctor_engine)(const char **ret_why);
