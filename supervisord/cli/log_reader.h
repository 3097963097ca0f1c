/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the audit log (see supervision/audit_log.h), the old part first. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* @text: the line as it is in the file */
typedef void (*log_line_fn)(void *userdata, const json_t *line,
			    const char *text);

/*
 * Calls back for every line that is there; lines that are no JSON, or
 * longer than a mebibyte, are skipped.
 * @follow: goes on with what is appended, until a signal ends the process
 * Returns: 0, or a negative errno (-ENOENT: there is no log yet; -EINVAL: it
 *          is no regular file).
 */
int log_read(bool follow, log_line_fn callback, void *userdata);
