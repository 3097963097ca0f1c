/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the dialog says of a question. All texts are plain, not markup, new and
 * released with g_free(); names that others chose are quoted (base/quote.h).
 */
#pragma once

#include <libintl.h>
#include <stdint.h>

#include "agent/prompt_parts.h"

#define _(text) gettext(text)

/* What it wants, in one line: "“cat” wants to read a file". */
char *dialog_text_heading(const struct prompt *prompt);

/* The objects, whole, each with what is wanted of it if there are several. */
char *dialog_text_objects(const struct prompt *prompt);

/* What somebody gives away, a sentence a line; "" for nothing. */
char *dialog_text_meaning(const struct prompt *prompt);

/* The executable, and who started it, a line each. */
char *dialog_text_program(const struct prompt *prompt);

/* Why it is asked. */
char *dialog_text_reason(const struct prompt *prompt);

/* One scope of the prompt. */
char *dialog_text_scope(const struct prompt *prompt, size_t number);

/* What "whatever is there" means; NULL: there is no such choice. */
char *dialog_text_wider(const struct prompt *prompt);

/* How many wait, and how long; "" for neither. @now: CLOCK_BOOTTIME ms */
char *dialog_text_waiting(const struct prompt *prompt, size_t more,
			  int64_t now);

/* Why it may not be allowed from here, and where it may. */
char *text_entangled(const struct prompt *prompt, const char *reached);

/* Who else could press the buttons. @others: names, joined */
char *text_caution(const char *others);
