/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifications: that there is a question, with buttons to show and to deny it.
 * Whoever shows them is just another client of the session bus, so nothing here
 * ever allows; and where nobody shows them, nothing depends on it.
 */
#pragma once

#include <stdint.h>

struct notify;

struct notify_events {
	void (*show)(void *userdata);
	void (*deny)(void *userdata, uint64_t question_id);
	/* The path of the accessibility bus's socket. */
	void (*accessibility)(void *userdata, const char *path);
};

struct notify *notify_new(const struct notify_events *events, void *userdata);

/* Takes NULL; always returns NULL. What it shows is closed. */
struct notify *notify_free(struct notify *notify);

/*
 * Shows a question, in the place of the one before.
 * @title, @body: plain text
 */
void notify_question(struct notify *notify, uint64_t question_id,
		     const char *title, const char *body);

/* There is no question any more. */
void notify_close(struct notify *notify);
