/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules as the text of a policy file, which says the same of the same objects.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "core/rule.h"

/*
 * Writes rules, each behind a comment that says where it comes from. Those that
 * a policy file cannot say (they end at a time, or their name has bytes that
 * nobody sees) are comments.
 * @count: increased by those
 * Returns: 0, -ENOMEM, or what went wrong with @out.
 */
int policy_text_write(FILE *out, const char *app, const struct rules *rules,
		      size_t *count);
