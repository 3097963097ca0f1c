/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dialog: the questions that are put, one after another, on one terminal.
 *
 * The dialog knows which question is shown and what keys do; how text reaches
 * the terminal and keys come from it is its screen's business (relay.h, or the
 * bare terminal of console.h). While it is open nobody else writes to the
 * terminal or reads from it.
 */
#pragma once

#include <event2/event.h>

#include "agent/agent.h"

struct dialog;

/* What a dialog needs of its terminal. */
struct dialog_screen {
	/*
	 * A question is about to be shown: hold other output, make the screen
	 * readable. Called for each question, also when another was before it.
	 * Returns: 0, or negative: it cannot be shown now (the terminal belongs
	 * to another job); it is tried again from time to time.
	 */
	int (*open)(void *userdata);

	/* Writes text whose lines end with "\n". */
	void (*write)(void *userdata, const char *text);

	/* Drops input that was typed so far. */
	void (*drop_input)(void *userdata);

	/* No question is left: back to what was before. */
	void (*close)(void *userdata);
};

/*
 * Makes a dialog.
 * @agent: whose questions they are; its events get the answers
 * @screen: must outlive the dialog
 * Returns: 0 or -ENOMEM.
 */
int dialog_new(struct dialog **ret, struct event_base *loop,
	       struct agent *agent, const struct dialog_screen *screen,
	       void *userdata);

/* Takes NULL; always returns NULL. Open questions are not answered. */
struct dialog *dialog_free(struct dialog *dialog);

/* Puts a question, now or after those before it. Returns: 0 or -errno. */
int dialog_ask(struct dialog *dialog, const struct question *question);

/* Takes a question back, shown or not. An unknown id is ignored. */
void dialog_withdraw(struct dialog *dialog, uint64_t question_id);

/* Whether a question is open on the screen. */
bool dialog_is_open(const struct dialog *dialog);

/* How many questions are open or wait for their turn. */
size_t dialog_count(const struct dialog *dialog);

/* Shows the current question (again), after dialog_hide(). */
void dialog_show(struct dialog *dialog);

/* The terminal is taken away (suspended): no key answers until dialog_show().
 */
void dialog_hide(struct dialog *dialog);

/*
 * Keys. What comes in the first moments of a question is dropped: it was meant
 * for the program. So is what comes as more than one byte at a time: a paste,
 * an arrow key, never a single key that somebody pressed on purpose.
 */
void dialog_input(struct dialog *dialog, const char *bytes, size_t length);
