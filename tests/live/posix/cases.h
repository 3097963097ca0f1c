/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cases: every call with every name, in groups.
 */
#pragma once

#include <stdbool.h>

#include "order.h"

/* Told of each case; @label says what it is, without any white space wasted. */
typedef bool (*case_fn)(const struct order *order, const char *label,
			void *userdata);

/*
 * Goes through the cases of a group.
 * @here: the absolute path of the world
 * Returns: false when there is no such group, or @each said false.
 */
bool cases_each(const char *group, const char *here, case_fn each,
		void *userdata);
