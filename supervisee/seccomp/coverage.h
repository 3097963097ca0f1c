/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the seccomp engine asks about, what only the static layer holds, and
 * what is refused, on the running kernel; for `landlord doctor`.
 */
#pragma once

#include "cli/doctor.h"

/* Returns: static storage, *ret_count rows. */
const struct doctor_row *coverage_rows(size_t *ret_count);

/* How a subject is treated, and since which Landlock ABI the kernel holds it.
 */
struct coverage_row {
	const char *subject;
	const char *state; /* "asked", "static" or "refused" */
	const char *note;  /* may be NULL */
	int needs_abi;	   /* 0: whatever the kernel; else on older ones: */
	const char *older_state;
	const char *older_note;
};

/* All that the rows of a kernel are taken from, for landlord-coverage(7). */
const struct coverage_row *coverage_all(size_t *ret_count);

/* Calls back for every system call: see operation/census.h. */
void coverage_calls(void (*callback)(const struct doctor_call *call,
				     void *userdata),
		    void *userdata);
