/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window that a question is shown in, one after another.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "desktop/dialog/question_queue.h"

struct window;

struct window_events {
	/*
	 * A button was pressed, or the window closed, which denies once.
	 * @all: the others of this program, too
	 */
	void (*answered)(void *userdata, enum outcome outcome,
			 enum lifetime lifetime, bool all);
	/* It was closed over what nobody had answered in time. */
	void (*dismissed)(void *userdata);
	/* The program is to be stopped. */
	void (*stopped)(void *userdata);
	/* Another question is to be shown. */
	void (*chosen)(void *userdata, uint64_t question_id);
	/* What the program may do, and did, is to be shown. */
	void (*past)(void *userdata);
	/* A person is at it. */
	void (*touched)(void *userdata);
};

struct window *window_new(const struct window_events *events, void *userdata);
struct window *window_free(struct window *window);

/*
 * Shows the question that is shown of a queue; nothing may be allowed before
 * window_judged().
 * @queue: borrowed, until window_hide()
 */
void window_show(struct window *window, const struct question_queue *queue);

/* What waits beside it has changed, or its deadline. */
void window_update(struct window *window);

/* Whether somebody has been at it; see window_events.touched. */
void window_set_touched(struct window *window, bool touched);

/* Whether it may be allowed from here; see bus_link_events. */
void window_judged(struct window *window, bool allowed, const char *reached,
		   const char *others);

/* An answer was not taken: says why. */
void window_complain(struct window *window, const char *error);

void window_hide(struct window *window);

/* Comes to the front, at the person's wish. */
void window_present(struct window *window);
