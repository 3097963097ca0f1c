/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys: which of the bytes that come from a terminal are a key that somebody
 * pressed, singly and now.
 *
 * What comes in one piece with other bytes, or right after others, is typing or
 * pasting. What is part of a control sequence is a key without a character, or
 * the terminal speaking for itself: an answer to what a program asked it, where
 * the pointer is, who has the focus, the brackets of a paste and all that is
 * between them. Only two kinds of sequences are keys: those in which terminals
 * report Ctrl with a character, if a program asked them to. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that come sooner after others belong to them. */
#define KEYS_APART_MS 25

/* A sequence that has not ended after so long was none. */
#define KEYS_SEQUENCE_MS 500

#define KEY_ATTENTION '\035' /* Ctrl-] */

struct keys {
	enum {
		KEYS_PLAIN,
		KEYS_ESCAPE,
		KEYS_SHIFTED,  /* ESC O: one more byte */
		KEYS_SEQUENCE, /* CSI */
		KEYS_STRING,   /* OSC, DCS, ...: until BEL or ST */
		KEYS_STRING_ESCAPE,
		KEYS_MOUSE, /* CSI M: three more bytes */
	} state;
	bool pasting;	   /* between the brackets */
	char sequence[24]; /* of the current CSI, as much as matters */
	size_t length, mouse;
	int64_t last; /* when the last byte came; of the caller's clock */
};

/* Begins anew, as if something had come at @now. */
void keys_start(struct keys *keys, int64_t now);

/*
 * Follows what one read(2) gave.
 * @now: CLOCK_BOOTTIME milliseconds
 * Returns: the character of the key that was pressed, -1 if it was none.
 */
int keys_follow(struct keys *keys, const char *bytes, size_t length,
		int64_t now);

/* For how long nothing has come. */
static inline int64_t keys_quiet(const struct keys *keys, int64_t now)
{
	return now - keys->last;
}
