/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that the command line gives, for this run only. They are the user's, as
 * those of his policy files are: what an administrator refuses stays refused,
 * and what must be asked for by itself is asked for.
 */
#pragma once

#include "core/rule.h"

enum given {
	GIVEN_READ_ONLY,  /* --ro PATH */
	GIVEN_READ_WRITE, /* --rw PATH: also make, remove and rename there */
	GIVEN_EXECUTE,	  /* --exec PATH: read and execute */
	GIVEN_CONNECT,	  /* --connect PORT: TCP and UDP, or "*" */
	GIVEN_NO_NETWORK, /* --no-network; no value */
	GIVEN_PROJECT,	  /* --project: read-write and execute; no value */
};

/*
 * Adds the rules that an option stands for. A path is one that is there, and
 * what links lead to is meant.
 * @value: of the option; NULL where it has none
 * @ret_expected: on -EINVAL what was expected, in static storage
 * Returns: 0, -EINVAL, or another negative errno: why the path cannot be used.
 */
int given_rules_add(struct rules *rules, enum given option, const char *value,
		    const char **ret_expected);
