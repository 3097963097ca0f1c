/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories above an object that mean something to a person: the project it
 * belongs to and the home directory.
 */
#pragma once

#include "core/request.h"

struct places {
	char *project; /* owned; NULL: none */
	char *home;    /* owned; NULL: none */
};

/*
 * Finds the places for a request. Best effort: what cannot be found is NULL.
 * Looks at most at a bounded number of directories, with our own rights.
 */
void places_find(struct places *ret, const struct request *request);
void places_finish(struct places *places);
