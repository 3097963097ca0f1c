/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a question looks like for a person at a terminal, and what each key
 * means. Pure: text out, keys in; when a key counts is for dialog.h to know,
 * and the terminal itself is its screen's business.
 *
 * Everything that comes from the supervised program is quoted and bounded, so
 * that it can neither drive the terminal, nor look like words of ours, nor push
 * the question out of sight: see page.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"
#include "agent/scopes.h"

/* Where and when a question is shown. */
struct prompt_window {
	size_t rows, columns;
	size_t more; /* other questions in the queue */
	bool terse;  /* no more is said than in the smallest window */
	int64_t now; /* CLOCK_BOOTTIME milliseconds */
};

/* What the person is told to do. */
enum prompt_state {
	PROMPT_RESTING,	   /* no key counts yet */
	PROMPT_READY,	   /* the key that opens counts */
	PROMPT_CHOOSING,   /* the keys that are shown count */
	PROMPT_CONFIRMING, /* Enter counts */
};

enum prompt_reaction {
	PROMPT_IGNORED, /* the key means nothing */
	PROMPT_DECIDED, /* *ret is the answer */
	PROMPT_CONFIRM, /* it is, once prompt_confirm() was called */
	PROMPT_SCOPE,	/* another scope was chosen: print the page again */
	PROMPT_EXPLAIN, /* print the explanation */
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
 * The question: who, what, why, how many wait, how long, the choices, and what
 * to press. In a small window what matters less is left out, and names are cut.
 * Returns: 0 and lines that end with "\n" (free(3)), fewer than the window has;
 * -ENOSPC when they do not fit, -ENOMEM.
 */
int prompt_page(const struct prompt *prompt, const struct prompt_window *window,
		enum prompt_state state, char **ret);

/*
 * What the keys mean, at length, and the names without a bound.
 * Returns: lines that end with "\n" (free(3)), or NULL when memory is short. So
 * do the texts below.
 */
char *prompt_explanation(const struct prompt *prompt, size_t columns);

/* What was answered, as a title. */
char *prompt_answer(const struct prompt *prompt,
		    const struct decision *decision, size_t columns);

/*
 * What a key does, when keys count. An answer that outlives the request and is
 * about more than its object, or lasts for good, has to be confirmed.
 * @ret: set for PROMPT_DECIDED; decision_finish() it
 */
enum prompt_reaction prompt_key(struct prompt *prompt, char key,
				struct decision *ret);

/*
 * The answer that the last PROMPT_CONFIRM was about; decision_finish() it.
 * Returns: 0 or -ENOMEM.
 */
int prompt_confirm(const struct prompt *prompt, struct decision *ret);

/* Denies once, whatever the state. Returns: 0 or -ENOMEM. */
int prompt_deny(const struct prompt *prompt, struct decision *ret);
