/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a denial is about, by name, and held while it is decided: the accesses
 * that are judged.
 *
 * The kernel says in which directory it has found which name; the path is where
 * that directory is for us. So the two cannot be about different objects,
 * whatever is renamed meanwhile.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/accesses.h"
#include "supervised/denial.h"

struct named_file {
	size_t length; /* of the path; 0: it is no file */
	int fd;	       /* O_PATH: the object; -1: there is none, or it has
			* another name by now; owned */
	char path[PATH_MAX];
};

/*
 * Names what is denied.
 * @ret_files: the same number as there are objects; named_finish() in any case
 * @ret: what is needed of each; paths in it are those of @ret_files, and what
 * is impossible by any rule is marked so Returns: 0, or a negative errno: its
 * names cannot be known.
 */
int named_of_denial(const struct denial *denial,
		    struct named_file ret_files[DENIAL_OBJECTS_MAX],
		    struct accesses *ret);

void named_finish(struct named_file files[DENIAL_OBJECTS_MAX]);
