/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times as people and files write them: RFC 3339 in UTC, to the second.
 */
#pragma once

#include <stdint.h>

/*
 * "2025-01-31T12:00:00Z" of seconds since the epoch.
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *time_format(int64_t seconds);

/* The reverse, of exactly that form. Returns: 0 or -EINVAL. */
int time_parse(const char *text, int64_t *ret);
