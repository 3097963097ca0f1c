/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of strace(1): what a program could do that nobody supervised, of those
 * calls that Landlock is asked about. Names that are relative are only known
 * with -y, children only with -f.
 */
#pragma once

#include "trace/import_output.h"

struct import_strace;

/* Returns: 0 or -ENOMEM. */
int import_strace_new(struct import_strace **ret, struct import_output *output);

/* Takes NULL; always returns NULL. */
struct import_strace *import_strace_free(struct import_strace *strace);

/* @line: NUL-terminated; changed. Returns: 0 or -ENOMEM. */
int import_strace_line(struct import_strace *strace, char *line);
