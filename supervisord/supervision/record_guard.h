/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps the programs of an app, and those that are started meanwhile, from the
 * file that what they ask for is recorded in: nobody writes what is told of himself. As with Landlord's own files, there
 * is a refusal for each name that is passed on the way there; it ends with the
 * recording.
 */
#pragma once

#include "supervision/registry.h"

struct record_guard;

/*
 * Brings the refusals into force.
 * @file: absolute; it need not be there yet
 * @done: called once, before this returns or later: they are in force (0), or
 *        are not (a negative errno). Not when this fails.
 * Returns: 0 or a negative errno.
 */
int record_guard_new(struct record_guard **ret, struct registry *registry,
		     const char *app, const char *file,
		     void (*done)(void *userdata, int error), void *userdata);

/*
 * Lifts them; @done is not called any more. Takes NULL; always returns NULL.
 */
struct record_guard *record_guard_free(struct record_guard *guard);
