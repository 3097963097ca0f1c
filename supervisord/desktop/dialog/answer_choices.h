/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an answer is about and for how long it holds, as choices that are all to
 * be seen at once.
 */
#pragma once

#include <gtk/gtk.h>
#include <stdbool.h>
#include <stddef.h>

#include "agent/prompt_parts.h"

struct answer_choices;

struct answer_choices_events {
	/* Whether what has just been chosen is a person's choice; else it is
	 * taken back. */
	bool (*is_persons)(void *userdata);
	/* The answer would mean something else now. */
	void (*changed)(void *userdata);
};

/* @box: what they are appended to */
struct answer_choices *
answer_choices_new(GtkBox *box, const struct answer_choices_events *events,
		   void *userdata);

/* Takes NULL; always returns NULL. The widgets are the box's. */
struct answer_choices *answer_choices_free(struct answer_choices *choices);

/*
 * Shows those that there are, with the least of each chosen.
 * @prompt: borrowed; its scope and breadth follow what is chosen
 * @missed: it is too late for this once
 */
void answer_choices_show(struct answer_choices *choices, struct prompt *prompt,
			 bool missed);

/* So many others could be answered in the same way. */
void answer_choices_set_likes(struct answer_choices *choices, size_t likes);

enum lifetime answer_choices_lifetime(const struct answer_choices *choices);

/* Whether the others are to be answered in the same way. */
bool answer_choices_all(const struct answer_choices *choices);
