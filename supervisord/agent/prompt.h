/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a question looks like for a person at a terminal, and what each key
 * means. Pure: text out, keys in; the terminal itself is dialog.h.
 *
 * Everything that comes from the supervised program is escaped and bounded, so
 * that it can neither drive the terminal nor push the question out of sight.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"

/* Directories that are offered as scopes besides the object's own. */
struct prompt_places {
	const char *project; /* or NULL */
	const char *home;    /* or NULL */
};

enum prompt_reaction {
	PROMPT_IGNORED, /* the key means nothing */
	PROMPT_DECIDED, /* *ret is the answer */
	PROMPT_SCOPE,	/* another scope was chosen: print the choices again */
	PROMPT_EXPLAIN, /* print the explanation and the choices */
};

struct prompt;

/*
 * Makes the prompt of a question; what is needed of it is copied.
 * Returns: 0 or -ENOMEM.
 */
int prompt_new(struct prompt **ret, const struct question *question,
	       const struct prompt_places *places);
/* Takes NULL; always returns NULL. */
struct prompt *prompt_free(struct prompt *prompt);

uint64_t prompt_question_id(const struct prompt *prompt);

/*
 * The question: who, what, why, how many wait, how long.
 * @more: other questions in the queue
 * @now: CLOCK_BOOTTIME milliseconds
 * Returns: lines that end with "\n" (free(3)), or NULL when memory is short.
 * So do the texts below.
 */
char *prompt_text(const struct prompt *prompt, size_t more, int64_t now);

/* The scopes and the keys. */
char *prompt_choices(const struct prompt *prompt);

/* What the keys mean, at length, and the paths without a bound. */
char *prompt_explanation(const struct prompt *prompt);

/* One line for an answer that was given. */
char *prompt_answer(const struct prompt *prompt,
		    const struct decision *decision);

/*
 * What a key does. Enter, Esc, ^C, ^D and "d" deny once.
 * @ret: set for PROMPT_DECIDED; decision_finish() it
 */
enum prompt_reaction prompt_key(struct prompt *prompt, char key,
				struct decision *ret);
