/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program: what of it runs, what was answered about it, and what the policy
 * files say.
 */
#pragma once

#include <jansson.h>

#include "desktop/manager/page_events.h"

struct program_page;

/* Lives as long as its widget. @events: borrowed */
struct program_page *program_page_new(const struct page_events *events);

GtkWidget *program_page_widget(struct program_page *page);

/* Shows an app, and reads its rules. @running: of all apps; borrowed */
void program_page_show(struct program_page *page, const char *app,
		       const json_t *running);

/* Of which app; borrowed, NULL: none yet. */
const char *program_page_app(const struct program_page *page);
