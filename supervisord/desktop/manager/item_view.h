/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of things that `landlord` prints, each a JSON object, with a line to
 * search it. Rows are made for what is to be seen alone, so ten thousand cost
 * what ten do.
 */
#pragma once

#include <gtk/gtk.h>
#include <jansson.h>
#include <stdbool.h>

struct item_view;

struct item_view_ops {
	/* Makes what a row has, once; item_view_row() knows its view. */
	GtkWidget *(*make)(struct item_view *view);
	/* Says a thing on a row. */
	void (*say)(struct item_view *view, GtkWidget *row, json_t *thing);
	/* What can be searched for; new. */
	char *(*words)(json_t *thing);
	/* It was activated, by two clicks or Enter; may be NULL. */
	void (*open)(struct item_view *view, json_t *thing);
	/* What stands there when there is nothing; for a screen reader, the
	 * name of the list. */
	const char *empty, *name;
	/* One click opens. */
	bool single;
};

/*
 * Lives as long as its widget.
 * @userdata: item_view_userdata()
 */
struct item_view *item_view_new(const struct item_view_ops *ops,
				void *userdata);

GtkWidget *item_view_widget(struct item_view *view);
void *item_view_userdata(struct item_view *view);

/*
 * Shows these. What is searched for, and where it is scrolled to, stays.
 * @things: an array; each is kept as long as it is shown
 */
void item_view_show(struct item_view *view, json_t *things);

/* What a row shows now; borrowed, NULL: nothing. */
json_t *item_view_thing(GtkWidget *row);

/* A member that is a text, or "". */
const char *item_view_text(const json_t *thing, const char *key);
