/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was recorded, judged by two policies.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "cli/policy_place.h"

#define POLICY_TRACES_MAX 64

/*
 * Judges every request by the files of both, nobody being asked, and prints or
 * collects those that come out differently. What is wrong with a trace is told
 * on standard error.
 * @files: NULL-terminated
 * @array: NULL: it is printed
 * Returns: 0 or a negative errno.
 */
int policy_traces_compare(struct policy_place *was, struct policy_place *now,
			  char *const *files, json_t *array, size_t *ret_judged,
			  size_t *ret_different);
