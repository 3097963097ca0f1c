/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was allowed once: to a system call, of which the kernel asks more than
 * one thing (a file is made, and opened), and a person is asked once. Calls are
 * known by a number that the kernel never gives again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "engine/judge.h"

struct once;

/* Returns: 0 or -ENOMEM. */
int once_new(struct once **ret);

/* Takes NULL; always returns NULL. */
struct once *once_free(struct once *once);

/*
 * Keeps what was allowed to a call, for as long as others do not need the room.
 * What cannot be kept is asked about again.
 */
void once_add(struct once *once, uint64_t call, const struct object *object,
	      rights_t rights);

/* Whether all that is missing was allowed to a call. */
bool once_covers(const struct once *once, uint64_t call,
		 const struct judged_detail *detail);

/* What of an object's rights was allowed to a call. */
rights_t once_rights(const struct once *once, uint64_t call,
		     const struct object *object);
