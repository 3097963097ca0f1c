/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dialog: the questions that are put, one after another, on one terminal.
 *
 * The dialog knows which question is shown, which keys count, and what they do;
 * how text reaches the terminal and keys come from it is its screen's business
 * (terminal.h, or the bare terminal of console.h). While it is open nobody else
 * writes to the terminal or reads from it.
 *
 * Nobody answers by accident:
 *
 *	resting --a second without a key--> ready --Ctrl-]--> choosing
 *
 * Whatever comes while it rests or is ready, other than Ctrl-], lets it rest
 * for another second; so does anything that changes what is asked, and any key
 * that is not among those that are shown. Typed text has no Ctrl-] in it, and
 * what keys.h does not hold for a key never is one. Answers of weight have to
 * be confirmed with Enter. What the state is stands on the screen.
 */
#pragma once

#include <event2/event.h>

#include "agent/agent.h"

struct dialog;

/* What a dialog needs of its terminal. */
struct dialog_screen {
	/*
	 * A question is about to be shown: hold other output, make the screen
	 * readable and clear it of what others wrote. Called for each question,
	 * also when another was before it.
	 * Returns: 0, or negative: it cannot be shown now (the terminal belongs
	 * to another job); it is tried again from time to time.
	 */
	int (*open)(void *userdata);

	/* The size of the window. */
	void (*size)(void *userdata, size_t *rows, size_t *columns);

	/* Clears it of what the dialog wrote. */
	void (*clear)(void *userdata);

	/* Writes text whose lines end with "\n". */
	void (*write)(void *userdata, const char *text);

	/* Drops input that was typed so far. */
	void (*drop_input)(void *userdata);

	/* No question is left: back to what was before, on another line. */
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

/* Another clock than CLOCK_BOOTTIME, in milliseconds: for tests. */
void dialog_set_clock(struct dialog *dialog, int64_t (*now_ms)(void));

/* Puts a question, now or after those before it. Returns: 0 or -errno. */
int dialog_ask(struct dialog *dialog, const struct question *question);

/* Takes a question back, shown or not. An unknown id is ignored. */
void dialog_withdraw(struct dialog *dialog, uint64_t question_id);

/* Whether a question is open on the screen. */
bool dialog_is_open(const struct dialog *dialog);

/* How many questions are open or wait for their turn. */
size_t dialog_count(const struct dialog *dialog);

/*
 * Shows the current question (again), after dialog_hide() or when the window
 * has another size.
 */
void dialog_show(struct dialog *dialog);

/* The terminal is taken away (suspended): no key answers until dialog_show().
 */
void dialog_hide(struct dialog *dialog);

/*
 * What one read(2) of the terminal gave.
 * Returns: the key that it was (see keys.h), or -1.
 */
int dialog_input(struct dialog *dialog, const char *bytes, size_t length);
