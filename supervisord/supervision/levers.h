/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Levers: the objects by which agents can be moved.
 *
 * Whoever may connect to the display that shows a dialog can press its buttons,
 * and so answer in the person's place. Agents say what they hang on; each such
 * object, with the rights that move it, is a lever, and a set of levers is a
 * set of bits. What a domain could reach once counts as reached for good: a
 * connection stays open when the rule has gone.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/object.h"
#include "core/request.h"
#include "core/ruleset.h"

#define LEVERS_MAX 64

struct lever {
	struct object object; /* owned */
	rights_t rights;      /* any of them moves it */
};

/* All levers that agents have named; none is ever taken out. */
struct levers {
	struct lever items[LEVERS_MAX];
	size_t count;
};

void levers_finish(struct levers *levers);

/*
 * Adds a lever, or finds it.
 * @object: copied
 * @ret_set: the bit of the lever is added
 * Returns: 0, -EINVAL when these rights do not suit the object, -ENOSPC,
 *          -ENOMEM.
 */
int levers_add(struct levers *levers, const struct object *object,
	       rights_t rights, uint64_t *ret_set);

/*
 * Those that a ruleset lets any process of a tree reach, including one that has
 * rules of its own.
 */
uint64_t levers_reached(const struct levers *levers,
			const struct ruleset *ruleset);

/* Those among what a request asks for. */
uint64_t levers_asked(const struct levers *levers,
		      const struct request *request);

/*
 * The names of a set: "/tmp/.X11-unix/X0 and @/tmp/.X11-unix/X0".
 * Returns: a new string (free(3)), escaped, or NULL when memory is short.
 */
char *levers_format(const struct levers *levers, uint64_t set);
