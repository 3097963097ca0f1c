/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gains: what an object, or what is beneath a directory, could be used for
 * under the name that it is moved to, and could not where it is. Rules are
 * bound to names, so whoever can move an object could choose its rules.
 *
 * The rights that would be gained are needed where they are: on the object
 * itself, or on the name beneath it that a rule denies or asks for. So they can
 * be asked for, and what a rule denies cannot be moved to where it would not.
 * The same holds for what a rule keeps in its place, or from coming to one:
 * moving the directory above removes and makes it there.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "core/ruleset.h"
#include "engine/accesses.h"

/* Names beneath what is moved that one question can be about. */
#define GAIN_NAMES_MAX 2

/* A move, and the process that makes it. */
struct gain_move {
	const struct ruleset *ruleset;
	const struct accesses *accesses;
	unsigned int from, to; /* numbers of needs */
	bool directory;
	struct process_id process;
};

/* What a move needs that would gain something. */
struct gain {
	rights_t here[2]; /* what each of the two needs needs besides */
	bool any;
	bool denied;	/* by a rule, or more than can be asked for at once */
	bool elsewhere; /* it is as on another file system: programs copy */
	size_t count;
	/* Written before it is read: see gain_init(). */
	struct {
		char path[PATH_MAX];
		size_t length;
		rights_t rights;
	} beneath[GAIN_NAMES_MAX];
};

/* Nothing is missing yet; without the cost of making the names zero. */
void gain_init(struct gain *gain);

/* Adds what a move would gain. */
void gain_add(struct gain *gain, const struct gain_move *move);

/*
 * What the rules say of the object of a need, whatever it is called: under all
 * its names (see accesses_alias()) the strictest.
 * @rest: what beneath it is meant; "" or "/NAME..."
 */
struct judgement gain_judge(const struct gain_move *move, unsigned int need,
			    const char *rest, rights_t wanted);
