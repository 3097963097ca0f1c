/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which bytes are a key that somebody pressed: see keys.h. */
#include "agent/keys.h"

#include <stdio.h>
#include <string.h>

/* A paste whose end does not come is not waited for. */
#define PASTE_MS 5000

void keys_start(struct keys *keys, int64_t now)
{
	*keys = (struct keys){.last = now};
}

/*
 * Ctrl and a character, as terminals report it when a program asked them to:
 * "CSI code ; 5 u" (also with ":1" for a press) or "CSI 27 ; 5 ; code ~". The
 * same without Ctrl. Returns: the character, or -1.
 */
static int reported_key(const char *sequence, char final)
{
	unsigned int code, modifiers = 1, event = 1;
	int end = 0;

	if (final == '~') {
		if (sscanf(sequence, "27;%3u;%6u%n", &modifiers, &code, &end) !=
			    2 ||
		    sequence[end])
			return -1;
	} else {
		if (sscanf(sequence, "%6u%n", &code, &end) != 1)
			return -1;
		sequence += end;
		end = 0;
		if (*sequence == ';' &&
		    sscanf(sequence, ";%3u%n:%1u%n", &modifiers, &end, &event,
			   &end) < 1)
			return -1;
		if (sequence[end] || event != 1)
			return -1;
	}
	/* One more than a set of bits, of which the locks do not matter. */
	modifiers = (modifiers - 1) & 63;
	if (code >= 0x80 || (modifiers && modifiers != 4))
		return -1;
	if (modifiers == 4)
		return code >= '@' && code != 0x7f ? (int)(code & 037) : -1;
	return (int)code;
}

/* The end of a CSI. Returns: the key that it is, or -1. */
static int end_sequence(struct keys *keys, char final)
{
	const char *const sequence = keys->sequence;
	const bool pasting = keys->pasting;

	keys->state = KEYS_PLAIN;
	if (final == '~' && strcmp(sequence, "200") == 0)
		keys->pasting = true;
	else if (final == '~' && strcmp(sequence, "201") == 0)
		keys->pasting = false;
	else if (final == 'M' && !*sequence) {
		keys->state = KEYS_MOUSE;
		keys->mouse = 3;
	} else if (!pasting && (final == 'u' || final == '~'))
		return reported_key(sequence, final);
	return -1;
}

static int follow_sequence(struct keys *keys, char byte)
{
	if (byte >= 0x40 && byte <= 0x7e) {
		keys->sequence[keys->length] = '\0';
		return end_sequence(keys, byte);
	}
	if (keys->length + 1 < sizeof(keys->sequence))
		keys->sequence[keys->length++] = byte;
	return -1;
}

static void follow_escape(struct keys *keys, char byte)
{
	keys->state = KEYS_PLAIN;
	keys->length = 0;
	if (byte == '[')
		keys->state = KEYS_SEQUENCE;
	else if (byte == 'O')
		keys->state = KEYS_SHIFTED;
	else if (byte && strchr("]P_^X", byte))
		keys->state = KEYS_STRING;
	else if (byte == '\033')
		keys->state = KEYS_ESCAPE;
}

/* Returns: the key that this byte is or ends, or -1. */
static int follow_byte(struct keys *keys, char byte)
{
	switch (keys->state) {
	case KEYS_PLAIN:
		if (byte == '\033')
			keys->state = KEYS_ESCAPE;
		else if (!keys->pasting)
			return (unsigned char)byte;
		return -1;
	case KEYS_ESCAPE:
		follow_escape(keys, byte);
		return -1;
	case KEYS_SHIFTED:
		keys->state = KEYS_PLAIN;
		return -1;
	case KEYS_SEQUENCE:
		return follow_sequence(keys, byte);
	case KEYS_STRING:
		if (byte == '\a')
			keys->state = KEYS_PLAIN;
		else if (byte == '\033')
			keys->state = KEYS_STRING_ESCAPE;
		return -1;
	case KEYS_STRING_ESCAPE:
		keys->state = byte == '\\' ? KEYS_PLAIN : KEYS_STRING;
		return -1;
	case KEYS_MOUSE:
		if (--keys->mouse == 0)
			keys->state = KEYS_PLAIN;
		return -1;
	}
	return -1;
}

int keys_follow(struct keys *keys, const char *bytes, size_t length,
		int64_t now)
{
	const int64_t quiet = keys_quiet(keys, now);
	bool single;
	int key = -1;

	if (keys->state != KEYS_PLAIN && quiet >= KEYS_SEQUENCE_MS)
		keys->state = KEYS_PLAIN;
	if (keys->pasting && quiet >= PASTE_MS)
		keys->pasting = false;
	/* One character, or one sequence from its beginning to its end. */
	single = quiet >= KEYS_APART_MS && keys->state == KEYS_PLAIN &&
		 (length == 1 || bytes[0] == '\033');
	for (size_t i = 0; i < length; i++) {
		key = follow_byte(keys, bytes[i]);
		if (key >= 0 && i + 1 < length)
			single = false;
		if (keys->state == KEYS_PLAIN && i + 1 < length)
			single = false;
	}
	keys->last = now;
	return single && keys->state == KEYS_PLAIN ? key : -1;
}
