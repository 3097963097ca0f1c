/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seen: what the lines of one policy file have said so far, so that none says
 * the same again or the contrary: one of the two would mean nothing.
 */
#pragma once

#include <stdbool.h>

#include "core/rule.h"

/* What a line has in common with one before it. */
struct seen_before {
	unsigned int line; /* 0: nothing */
	enum effect effect;
};

/*
 * Adds what a line says of an object.
 * @seen: NULL at first
 * @object: text that is the same for the same object
 * Returns: 0 or -ENOMEM. What was said already is not added.
 */
int seen_add(void **seen, const char *object, enum effect effect,
	     rights_t rights, unsigned int line, struct seen_before *ret);

void seen_finish(void *seen);
