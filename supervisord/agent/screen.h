/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program's output has done to the screen, as far as it matters for
 * writing a question on it: a program may hold the alternate screen, have set
 * margins or colours in which a question would be hidden, or have stopped in
 * the middle of a sequence. Pure: it reads bytes, it writes nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct screen {
	bool alternate; /* full-screen program: it draws all of it */
	bool altered;	/* margins, origin, palette: needs a reset to read */
	bool hidden;	/* the cursor is */
	bool midline;	/* the cursor is not at the start of a line */
	/* Parser */
	enum {
		SCREEN_TEXT,
		SCREEN_ESCAPE,
		SCREEN_CSI,
		SCREEN_STRING, /* OSC, DCS, ...: until BEL or ST */
	} state;
	char parameters[64];
	size_t length;
};

/* Follows what is written to the terminal. A zeroed screen is a fresh one. */
void screen_follow(struct screen *screen, const char *bytes, size_t length);

/*
 * What to write before a question so that it can be read: ends a sequence that
 * was left open, plain colours and characters, the cursor visible, a fresh
 * line. Returns: a string in static storage.
 */
const char *screen_prepare(const struct screen *screen);
