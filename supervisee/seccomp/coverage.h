/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the seccomp engine asks about, what only the static layer holds, and
 * what is refused, on the running kernel; for `landlord doctor`.
 */
#pragma once

#include "cli/doctor.h"

/* Returns: static storage, *ret_count rows. */
const struct doctor_row *coverage_rows(size_t *ret_count);

/* Calls back for every system call: see operation/census.h. */
void coverage_calls(void (*callback)(const struct doctor_call *call,
				     void *userdata),
		    void *userdata);
