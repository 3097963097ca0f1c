/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program's output has done to the screen. */
#include "agent/screen.h"

#include <stdint.h>
#include <string.h>

#include "agent/screen_modes.h"
#include "base/cleanup.h"

/* Longer sequences are dropped by some terminals and obeyed by others. */
#define SEQUENCE_MAX 60
#define NUMBERS_MAX 24

/* Private modes that change nothing that is seen, or nothing for long. */
static const unsigned int harmless[] = {
	8, 12, 1005, 1006, 1007, 1015, 1016, 1034, 1036, 1039, 2026, 2031, 0};

/* "CSI n t" that ask for sizes, or keep and give back titles. */
static const unsigned int reports[] = {14, 16, 18, 19, 21, 22, 23, 0};

static void save_cursor(const struct screen *screen, struct screen_saved *ret)
{
	ret->known = true;
	ret->origin = screen->modes[SCREEN_ORIGIN];
	ret->shifted = screen->modes[SCREEN_SHIFTED];
	memcpy(ret->sets, screen->sets, sizeof(screen->sets));
}

static void restore_cursor(struct screen *screen,
			   const struct screen_saved *saved)
{
	/* Whether these are saved is not agreed on. */
	if (!saved->known || saved->origin != screen->modes[SCREEN_ORIGIN] ||
	    saved->shifted != screen->modes[SCREEN_SHIFTED] ||
	    memcmp(saved->sets, screen->sets, sizeof(screen->sets)) != 0)
		screen->doubt = true;
	screen->modes[SCREEN_ORIGIN] = saved->origin;
	screen->modes[SCREEN_SHIFTED] = saved->shifted;
	memcpy(screen->sets, saved->sets, sizeof(screen->sets));
}

/* The other screen, and back. Some save cursors for each of them. */
static void change_screen(struct screen *screen, bool set)
{
	if (set)
		save_cursor(screen, &screen->entered);
	else
		restore_cursor(screen, &screen->entered);
	screen->entered.known = set;
	screen->saved.known = false;
}

/* Whether a number is in a list that ends with 0. */
static bool is_among(unsigned int number, const unsigned int *list)
{
	for (; *list; list++)
		if (*list == number)
			return true;
	return false;
}

static void change_mode(struct screen *screen, unsigned int number, bool set)
{
	const bool private = screen->private == '?';

	if (private && number == 1049)
		change_screen(screen, set);
	if (private && (number == 9 || (number >= 1000 && number <= 1003))) {
		screen->mouse = set ? (int)number : 0;
		screen->doubt |= number == 9 || number == 1001;
		return;
	}
	for (size_t i = 0; i < SCREEN_MODES_COUNT; i++) {
		if (screen_modes[i].number != number ||
		    screen_modes[i].private != private)
			continue;
		screen->modes[screen_modes[i].mode] =
			set != screen_modes[i].inverted;
		/* Beyond what every terminal has. */
		screen->doubt |= number == 66 || number == 69 || number == 47 ||
				 number == 1047 || (!private && number == 20);
		return;
	}
	if (!private || !is_among(number, harmless))
		screen->doubt = true;
}

static void change_modes(struct screen *screen, bool set)
{
	if (screen->private && screen->private != '?')
		screen->doubt = true;
	if (screen->count >= SCREEN_PARAMETERS_MAX)
		screen->doubt = true;
	for (size_t i = 0; i <= screen->count && i < SCREEN_PARAMETERS_MAX; i++)
		change_mode(screen, screen->numbers[i], set);
}

/* A sequence "CSI numbers final" without anything else. */
static void end_plain(struct screen *screen, char final)
{
	if (final == 'r' || (final == 's' && screen->length > 0))
		screen->margins = true;
	else if (final == 's')
		save_cursor(screen, &screen->saved);
	else if (final == 'u')
		restore_cursor(screen, &screen->saved);
	else if (final == 't')
		screen->doubt |= !is_among(screen->numbers[0], reports);
	else if (!strchr("@ABCDEFGHIJKLMPSTXZ`abcdefgmn", final))
		screen->doubt = true;
	if (strchr("CDGHZ`abdefu", final))
		if (final == 's' && screen->modes[SCREEN_SIDES])
			screen->margins = true;
}

static void end_csi(struct screen *screen, char final)
{
	const char private = screen->private;
	const char extra = screen->extra;

	screen->state = SCREEN_TEXT;
	if (screen->length > SEQUENCE_MAX || screen->count >= NUMBERS_MAX ||
	    (screen->colons && final != 'm'))
		screen->doubt = true;
	if (!extra && (final == 'h' || final == 'l'))
		change_modes(screen, final == 'h');
	else if (!private && !extra)
		end_plain(screen, final);
	/* Keyboard reports, questions to the terminal, the cursor's shape. */
	else if (!(private == '?' && !extra && strchr("nJKcmu", final)) &&
		 !(private == '>' && !extra && strchr("cmnqu", final)) &&
		 !(private && strchr("<=", private) && !extra &&
		   strchr("cu", final)) &&
		 !(extra == ' ' && !private && final == 'q') &&
		 !(extra == '$' && final == 'p'))
		screen->doubt = true;
}

static void add_digit(unsigned int *number, char digit)
{
	if (*number < 100000)
		*number = *number * 10 + (unsigned int)(digit - '0');
}

static void follow_csi(struct screen *screen, char byte)
{
	screen->length++;
	if (byte >= 0x40 && byte <= 0x7e) {
		screen->length--;
		end_csi(screen, byte);
	} else if (byte >= '0' && byte <= '9') {
		if (screen->extra)
			screen->doubt = true;
		if (screen->count < SCREEN_PARAMETERS_MAX)
			add_digit(&screen->numbers[screen->count], byte);
	} else if (byte == ';' || byte == ':') {
		if (screen->extra)
			screen->doubt = true;
		screen->colons |= byte == ':';
		screen->count++;
		if (screen->count < SCREEN_PARAMETERS_MAX)
			screen->numbers[screen->count] = 0;
	} else if (byte >= '<' && byte <= '?') {
		if (screen->length > 1)
			screen->doubt = true;
		screen->private = byte;
	} else {
		if (screen->extra)
			screen->doubt = true;
		screen->extra = byte;
	}
}

static void designate(struct screen *screen, char byte)
{
	static const char openers[] = "()*+";
	const char *const at = strchr(openers, screen->opener);

	/* ASCII and line drawing, as G0 and G1, are what everybody has. */
	if (at && strchr("B0", byte))
		screen->sets[at - openers] = byte == 'B' ? '\0' : byte;
	if (!at || at > openers + 1 || !strchr("B0", byte))
		screen->doubt = true;
}

static void open_csi(struct screen *screen)
{
	screen->state = SCREEN_CSI;
	screen->private = screen->extra = '\0';
	screen->colons = false;
	screen->count = screen->length = 0;
	screen->numbers[0] = 0;
}

static void full_reset(struct screen *screen)
{
	/* Colours may outlive it, and in tmux the other screen. */
	*screen = (struct screen){
		.doubt = screen->doubt || screen->modes[SCREEN_ALTERNATE],
		.single_bytes = screen->single_bytes,
	};
}

static void follow_escape(struct screen *screen, char byte)
{
	screen->state = SCREEN_TEXT;
	if (byte == '[') {
		open_csi(screen);
	} else if (byte && strchr("]PX^_k", byte)) {
		screen->opener = byte;
		screen->length = 0;
		screen->numbers[0] = 0;
		screen->state = SCREEN_STRING;
		if (byte != ']')
			screen->doubt = true;
	} else if (byte >= ' ' && byte <= '/') {
		screen->opener = byte;
		screen->state = SCREEN_INTERMEDIATE;
	} else if (byte == 'c') {
		full_reset(screen);
	} else if (byte == '7') {
		save_cursor(screen, &screen->saved);
	} else if (byte == '8') {
		restore_cursor(screen, &screen->saved);
	} else if (byte == '=' || byte == '>') {
		screen->modes[SCREEN_KEYPAD] = byte == '=';
	} else if (!strchr("DEHM\\", byte) || !byte) {
		screen->doubt = true;
	}
}

/* OSC that change neither colours nor what is seen: titles and the like. */
static void end_osc(struct screen *screen)
{
	static const unsigned int known[] = {1, 2, 7, 8, 9, 52, 133, 777, 0};
	const bool zero = screen->numbers[0] == 0;

	screen->state = SCREEN_TEXT;
	if (screen->length != SIZE_MAX ||
	    (!zero && !is_among(screen->numbers[0], known)))
		screen->doubt = true;
}

static void follow_string(struct screen *screen, char byte)
{
	const bool osc = screen->opener == ']';

	if (byte == '\a' && osc) {
		end_osc(screen);
	} else if ((unsigned char)byte < 0x20) {
		screen->doubt = true;
	} else if (osc && byte >= '0' && byte <= '9' && screen->length < 4) {
		screen->numbers[0] =
			screen->numbers[0] * 10 + (unsigned int)(byte - '0');
		screen->length++;
	} else if (osc && byte == ';' && screen->length > 0 &&
		   screen->length <= 4) {
		screen->length = SIZE_MAX; /* the number is known */
	} else if (screen->length != SIZE_MAX) {
		screen->length = SIZE_MAX - 1; /* it is none */
	}
}

/* Controls act where they stand, also within a sequence. */
static void follow_control(struct screen *screen, char byte)
{
	if (screen->state != SCREEN_TEXT)
		screen->doubt = true;
	switch (byte) {
	case '\030': /* CAN */
	case '\032': /* SUB */
		screen->state = SCREEN_TEXT;
		break;
	case '\033':
		screen->state = SCREEN_ESCAPE;
		break;
	case '\016':
	case '\017':
		screen->modes[SCREEN_SHIFTED] = byte == '\016';
		break;
	case '\n':
	case '\r':
	case '\v':
	case '\f':
	case '\0':
	case '\a':
	case '\b':
	case '\t':
		break;
	default:
		screen->doubt = true;
		break;
	}
}

/* Beyond ASCII: well-formed UTF-8 is text, all else is read as it may be. */
static void follow_beyond(struct screen *screen, unsigned char byte)
{
	const bool control = byte < 0xa0;

	if (screen->state != SCREEN_TEXT && screen->state != SCREEN_STRING)
		screen->doubt = true;
	/* A byte of these is a control for who reads no UTF-8. */
	if ((control && (!screen->more || screen->single_bytes)) ||
	    byte < screen->least)
		screen->doubt = true;
	screen->least = 0;
	if (byte < 0xc0) {
		if (screen->more)
			screen->more--;
		else
			screen->doubt = true;
		return;
	}
	if (screen->more || byte < 0xc2 || byte > 0xf4)
		screen->doubt = true;
	screen->least = byte == 0xc2 || byte == 0xe0 ? 0xa0
			: byte == 0xf0		     ? 0x90
						     : 0;
	screen->more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
}

static void follow_byte(struct screen *screen, char byte)
{
	if ((unsigned char)byte >= 0x80) {
		follow_beyond(screen, (unsigned char)byte);
		return;
	}
	if (screen->more)
		screen->doubt = true;
	screen->more = 0;
	if (screen->state == SCREEN_STRING && byte == '\033') {
		if (screen->opener == ']')
			end_osc(screen);
		screen->state = SCREEN_ESCAPE;
	} else if (screen->state == SCREEN_STRING && byte != '\030' &&
		   byte != '\032') {
		follow_string(screen, byte);
	} else if ((unsigned char)byte < 0x20) {
		follow_control(screen, byte);
	} else if (byte == 0x7f) {
		screen->doubt = true;
	} else if (screen->state == SCREEN_ESCAPE) {
		follow_escape(screen, byte);
	} else if (screen->state == SCREEN_INTERMEDIATE) {
		/* There may be more of them. */
		if (byte > '/') {
			designate(screen, byte);
			screen->state = SCREEN_TEXT;
		} else {
			screen->doubt = true;
		}
	} else if (screen->state == SCREEN_CSI) {
		follow_csi(screen, byte);
	} else {
	}
}

void screen_follow(struct screen *screen, const char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		follow_byte(screen, bytes[i]);
}
