/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the dialog says of a question. All texts are plain, not markup, new and
 * released with g_free(). Names that others chose are quoted (base/quote.h),
 * and within a sentence isolated: they turn nothing of it round.
 */
#pragma once

#include <libintl.h>
#include <stdbool.h>
#include <stdint.h>

#include "agent/prompt_parts.h"
#include "base/translate.h"

#define _(text) gettext(text)

/* What is quoted already, so that it turns nothing around it round. */
char *dialog_text_isolate(const char *quoted_text);

/* A name within a sentence. */
char *dialog_text_name(const char *name);

/* Rights in words: "read", "write and truncate". */
char *dialog_text_rights(rights_t rights);

/* What it wants, in one line: "“cat” wants to read". @missed: wanted */
char *dialog_text_heading(const struct prompt *prompt, bool missed);

/* The objects, whole, each with what is wanted of it if there are several. */
char *dialog_text_objects(const struct prompt *prompt);

/* What it wants of what, in one line, for a list of several. */
char *dialog_text_summary(const struct prompt *prompt);

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

/*
 * How long it waits. @now: CLOCK_BOOTTIME milliseconds
 * @touched: somebody is at it
 * @missed: nobody was
 */
char *dialog_text_deadline(const struct prompt *prompt, int64_t now,
			   bool touched, bool missed);

/* Why it may not be allowed from here, and where it may. */
char *dialog_text_entangled(const struct prompt *prompt, const char *reached);

/* Who else could press the buttons. @others: names, joined */
char *dialog_text_caution(const char *others);
