/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cleanup attributes for what is not a descriptor.
 *
 *	_cleanup_free_ char *name = NULL;
 *	_cleanup_(ruleset_unrefp) struct ruleset *ruleset = NULL;
 */
#pragma once

#include <stdlib.h>

#define _cleanup_(function) __attribute__((__cleanup__(function)))

static inline void free_cleanup(void *pointer)
{
	free(*(void **)pointer);
}

#define _cleanup_free_ _cleanup_(free_cleanup)

/* Defines FUNCp(), which releases what a pointer variable refers to. */
#define DEFINE_CLEANUP(type, function)                \
	static inline void function##p(type *pointer) \
	{                                             \
		if (*pointer)                         \
			function(*pointer);           \
	}                                             \
	_Static_assert(1, "")

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
