/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trace events of Landlock's denials, as trace-cmd(1), perf-script(1) and
 * tracefs print them. Their times are since boot.
 */
#pragma once

#include "trace/import_output.h"

/*
 * @line: NUL-terminated
 * Returns: 1; 0: it is no such event, and not looked at; -ENOMEM.
 */
int import_tracepoint_line(struct import_output *output, const char *line);
