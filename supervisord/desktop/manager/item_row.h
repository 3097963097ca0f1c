/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row of a list: up to three texts below each other, and buttons.
 */
#pragma once

#include <gtk/gtk.h>

GtkWidget *item_row_new(void);

/*
 * Says its texts; one that is empty takes no room.
 * @title, @object, @note: taken; may be NULL
 */
void item_row_say(GtkWidget *row, char *title, char *object, char *note);

/*
 * Adds a button at its end.
 * @pressed: a handler of "clicked"; item_view_thing() of the row knows what of
 */
GtkWidget *item_row_add_button(GtkWidget *row, const char *name,
			       GCallback pressed, void *userdata);
