/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The programs that something is known of: that have rules, run, or have asked.
 */
#pragma once

#include <jansson.h>

/*
 * Makes an array of them, in the order of their names, each with "app", and how
 * many "rules" it has, are "running", and are "waiting" or were not answered.
 * @rules, @running, @pending: as `landlord` prints them; may be NULL
 */
json_t *programs_find(const json_t *rules, const json_t *running,
		      const json_t *pending);
