/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program's output has done to the screen. */
#include "agent/screen.h"

#include <stdlib.h>
#include <string.h>

/* CAN, ST: ends whatever is open. SGR 0, ASCII, SI, cursor, no batching. */
#define READABLE "\030\033\\\033[0m\033(B\017\033[?25h\033[?2026l"
/* Soft reset: margins, origin, insert mode. Palette back to what it was. */
#define RESET "\033[!p\033]104\033\\\033]110\033\\\033]111\033\\"
/* To the lowest line, which scrolls. */
#define LOWEST "\033[999;1H\r\n"

/* Whether a private mode set or reset is about one of these. */
static bool has_mode(const char *parameters, const int *modes, size_t count)
{
	size_t i;

	if (*parameters != '?')
		return false;
	do {
		const int mode = atoi(++parameters);

		for (i = 0; i < count; i++) {
			if (modes[i] == mode)
				return true;
		}
		parameters = strchr(parameters, ';');
	} while (parameters);
	return false;
}

static void end_csi(struct screen *screen, char final)
{
	static const int alternate[] = {47, 1047, 1049};
	static const int cursor[] = {25};
	static const int altering[] = {5, 6, 69};
	const bool set = final == 'h';

	if (final == 'r' && screen->parameters[0] != '?')
		screen->altered = true;
	if (final == 's' && screen->parameters[0])
		screen->altered = true;
	if (!set && final != 'l')
		return;
	if (has_mode(screen->parameters, alternate, 3))
		screen->alternate = set;
	if (has_mode(screen->parameters, cursor, 1))
		screen->hidden = !set;
	if (set && has_mode(screen->parameters, altering, 3))
		screen->altered = true;
}

static void end_string(struct screen *screen)
{
	const char *const text = screen->parameters;

	/* "]4;...", "]10;..." to "]19;...": colours. "]P": the console's. */
	if (text[0] == ']' &&
	    (strncmp(text, "]4;", 3) == 0 || strncmp(text, "]5;", 3) == 0 ||
	     (text[1] == '1' && text[2] >= '0' && text[2] <= '9') ||
	     text[1] == 'P'))
		screen->altered = true;
}

static void keep(struct screen *screen, char byte)
{
	if (screen->length + 1 < sizeof(screen->parameters))
		screen->parameters[screen->length++] = byte;
	screen->parameters[screen->length] = '\0';
}

static void follow_escape(struct screen *screen, char byte)
{
	screen->length = 0;
	screen->parameters[0] = '\0';
	if (byte == '[') {
		screen->state = SCREEN_CSI;
	} else if (strchr("]PX^_", byte) && byte) {
		keep(screen, byte);
		screen->state = SCREEN_STRING;
	} else if (byte == 'c') { /* full reset */
		*screen = (struct screen){0};
	} else if (byte < 0x20 || byte > 0x2f) {
		screen->state = SCREEN_TEXT;
	}
}

static void follow_byte(struct screen *screen, char byte)
{
	if (byte == '\030' || byte == '\032') { /* CAN, SUB */
		screen->state = SCREEN_TEXT;
	} else if (byte == '\033') {
		if (screen->state == SCREEN_STRING)
			end_string(screen);
		screen->state = SCREEN_ESCAPE;
	} else if (screen->state == SCREEN_ESCAPE) {
		follow_escape(screen, byte);
	} else if (screen->state == SCREEN_STRING) {
		if (byte == '\a') {
			end_string(screen);
			screen->state = SCREEN_TEXT;
		} else {
			keep(screen, byte);
		}
	} else if (screen->state == SCREEN_CSI) {
		if (byte >= 0x40 && byte <= 0x7e) {
			end_csi(screen, byte);
			screen->state = SCREEN_TEXT;
		} else {
			keep(screen, byte);
		}
	} else {
		screen->midline = byte != '\n' && byte != '\r';
	}
}

void screen_follow(struct screen *screen, const char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		follow_byte(screen, bytes[i]);
}

const char *screen_prepare(const struct screen *screen)
{
	if (screen->altered)
		return READABLE RESET LOWEST;
	if (screen->alternate)
		return READABLE LOWEST;
	if (screen->midline)
		return READABLE "\r\n";
	return READABLE;
}
