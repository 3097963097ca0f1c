/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window that a question is shown in, one after another.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "agent/prompt_parts.h"

struct window;

struct window_events {
	/* A button was pressed, or the window closed, which denies once. */
	void (*answered)(void *userdata, enum outcome outcome,
			 enum lifetime lifetime);
};

struct window *window_new(const struct window_events *events, void *userdata);
struct window *window_free(struct window *window);

/*
 * Shows a question; nothing may be allowed before window_judged().
 * @prompt: borrowed until another is shown; its scope follows what is chosen
 * @more: questions after this one
 */
void window_show(struct window *window, struct prompt *prompt, size_t more);

/* Only how many more there are has changed. */
void window_set_more(struct window *window, size_t more);

/* Whether it may be allowed from here; see bus_link_events. */
void window_judged(struct window *window, bool allowed, const char *reached,
		   const char *others);

/* An answer was not taken: says why. */
void window_complain(struct window *window, const char *error);

void window_hide(struct window *window);

/* Comes to the front, at the person's wish. */
void window_present(struct window *window);
