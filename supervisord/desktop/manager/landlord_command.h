/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `landlord`, run for what the manager shows and changes, beside its loop: what
 * the window says is what the command line says, and what is changed is changed
 * in one way. Only where a program that can press the window's buttons is not
 * the one that gains by it: the daemon is asked before.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/*
 * @output: what it printed as JSON, an array; borrowed; NULL where it failed
 * @error: a sentence; NULL where it did not
 */
typedef void (*landlord_command_fn)(void *userdata, json_t *output,
				    const char *error);

/*
 * Remembers the environment of the person, before it is exchanged for that of a
 * window; for the commands.
 */
void landlord_command_init(void);

/* The directory of what is kept; static storage. */
const char *landlord_command_state(void);

/* What else the window hangs on: the socket of the accessibility bus. */
void landlord_command_hang_on(const char *path);

/*
 * Runs it; @done is called later, from the loop.
 * @arguments: NULL-terminated; copied
 */
void landlord_command_read(const char *const arguments[],
			   landlord_command_fn done, void *userdata);

/*
 * Changes rules of an app.
 * @narrows: nothing can be done by it that could not be before, so that no
 *           daemon has to be there
 * @done: the output is NULL
 */
void landlord_command_change(const char *app, bool narrows,
			     const char *const arguments[],
			     landlord_command_fn done, void *userdata);
