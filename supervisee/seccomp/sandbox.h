/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program is confined by from its start: capabilities that no rule
 * leaves to it, the static layer, the filter that notifies us of its calls, and
 * the preload library that makes allowed accesses cheap (see shim/direct.h).
 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/ruleset.h"

struct engine_beside;
struct exec_view;
struct static_layer;

struct sandbox {
	const struct engine_beside *beside; /* NULL: all is ours */
	struct static_layer *layer;	    /* owned */
	char *library;			    /* owned; NULL: none */
	uint64_t taken;			    /* capabilities, from the program */
	uint64_t kept;		/* those of them that this process still has */
	struct exec_view *view; /* owned; NULL: none */
	bool every;		/* no call passes the filter, marked or not */
};

/*
 * Finds the library where it is installed beside this program.
 * @beside: of another engine, whose domain is entered instead of a layer's;
 * then no library is needed. NULL: there is none. Borrowed.
 * @inherited: only if it is in this process's environment already
 * Returns: 0, also where it is not installed; -ENOMEM.
 */
int sandbox_init(struct sandbox *ret, const struct engine_beside *beside,
		 bool inherited);

/*
 * Makes all of it of the ruleset in force, and takes the same capabilities from
 * this process, but those that it needs to look after who in the tree has
 * become somebody else.
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int sandbox_prepare(struct sandbox *sandbox, const struct ruleset *ruleset);

/* Whether marked calls pass the filter of the tree: see marker.h. */
bool sandbox_passes_marked(const struct sandbox *sandbox);

/*
 * Confines the calling process, but for the filter. Returns: 0 or a negative
 * errno.
 */
int sandbox_enter(const struct sandbox *sandbox);

void sandbox_finish(struct sandbox *sandbox);
