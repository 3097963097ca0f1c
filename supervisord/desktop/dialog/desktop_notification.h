/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifications: that there is a question, with buttons to show and to deny it,
 * and what became of an answer.
 * Whoever shows them is just another client of the session bus, so nothing here
 * ever allows; and where nobody shows them, nothing depends on it.
 */
#pragma once

#include <stdint.h>

struct desktop_notification;

struct desktop_notification_events {
	void (*show)(void *userdata);
	void (*deny)(void *userdata, uint64_t question_id);
	/* What nobody answered in time is to be shown. */
	void (*show_missed)(void *userdata);
};

struct desktop_notification *
desktop_notification_new(const struct desktop_notification_events *events,
			 void *userdata);

/* Takes NULL; always returns NULL. What it shows is closed. */
struct desktop_notification *
desktop_notification_free(struct desktop_notification *notify);

/*
 * Shows a question, in the place of the one before.
 * @title, @body: plain text
 */
void desktop_notification_question(struct desktop_notification *notify,
				   uint64_t question_id, const char *title,
				   const char *body);

/*
 * Shows that nobody answered in time, in the place of the one before.
 * @title, @body: plain text
 */
void desktop_notification_missed(struct desktop_notification *notify,
				 const char *title, const char *body);

/* That is over. */
void desktop_notification_close_missed(struct desktop_notification *notify);

/*
 * Shows a sentence by itself, to which nothing can be answered.
 * @sentence: plain text
 */
void desktop_notification_tell(struct desktop_notification *notify,
			       const char *sentence);

/* There is no question any more. */
void desktop_notification_close(struct desktop_notification *notify);
