/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guard of a window's buttons: a press counts only if a person made it, for
 * what stands there.
 *
 * Nothing counts for a moment after the window appeared, was given the focus,
 * shows something else, or was typed at; nor a press that is not the work of a
 * key, button or finger, as other programs make it through the accessibility
 * bus. (For half a second after a key of the dialog's it may be: GTK presses a
 * button with some delay then.)
 */
#pragma once

#include <gtk/gtk.h>
#include <stdbool.h>

#define PRESS_GUARD_MSEC 700

struct press_guard;

/*
 * @changed: told when presses begin or cease to count
 * @touched: told of every key, button, finger and wheel
 * Lives as long as the window.
 */
struct press_guard *
press_guard_new(GtkWindow *window, void (*changed)(void *userdata, bool counts),
		void (*touched)(void *userdata), void *userdata);

/* What the buttons mean has changed. */
void press_guard_rest(struct press_guard *guard);

/* Whether presses count now; for how it looks. */
bool press_guard_counts(const struct press_guard *guard);

/* Whether what happens is the work of a person's event. */
bool press_guard_is_persons(const struct press_guard *guard);

/* Whether this press counts. The event that it came of counts for no other. */
bool press_guard_take(struct press_guard *guard);
