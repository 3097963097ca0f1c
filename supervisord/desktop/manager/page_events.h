/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pages of the manager tell its window.
 */
#pragma once

#include <gtk/gtk.h>
#include <stdbool.h>

struct page_events {
	/* Whether a press that has just come is a person's; it counts for no
	 * other. */
	bool (*take)(void *userdata);
	/* A sentence for the person. */
	void (*tell)(void *userdata, const char *sentence);
	/* Something was changed, or was to be: all is to be read anew. */
	void (*changed)(void *userdata);
	/* The window, for what is shown above it. */
	GtkWindow *(*window)(void *userdata);
	void *userdata;
};
