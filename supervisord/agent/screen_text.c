/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is written to a screen before and after questions. */
#include <stdio.h>
#include <stdlib.h>

#include "agent/screen.h"
#include "agent/screen_modes.h"
#include "base/text.h"

const struct screen_mode_number screen_modes[SCREEN_MODES_COUNT] = {
	{false, 4, SCREEN_INSERT, false},
	{false, 20, SCREEN_NEWLINE, false},
	{true, 1, SCREEN_ARROWS, false},
	{true, 5, SCREEN_REVERSE, false},
	{true, 6, SCREEN_ORIGIN, false},
	{true, 7, SCREEN_NO_WRAP, true},
	{true, 25, SCREEN_HIDDEN, true},
	{true, 47, SCREEN_ALTERNATE, false},
	{true, 66, SCREEN_KEYPAD, false},
	{true, 69, SCREEN_SIDES, false},
	{true, 1004, SCREEN_FOCUS, false},
	{true, 1047, SCREEN_ALTERNATE, false},
	{true, 1049, SCREEN_ALTERNATE, false},
	{true, 2004, SCREEN_BRACKETS, false},
};

/*
 * Ends what is open, in the order in which it may be nested: a sequence or a
 * string, the printer, the Tektronix window, VT52 mode.
 */
#define END "\030\033[4i\033\003\030\033\\\033<"

/*
 * The main display (not the status line), soft reset (which not all terminals
 * know, hence all the rest), keyboard unlocked, controls obeyed and not shown,
 * overwriting, no local echo, newlines as they are.
 */
#define BASICS                                                 \
	"\033[0$}\033[0$~\033[!p\033[2l\033[3l\033[4l\033[12h" \
	"\033[20l"
/* No inversion, no side margins, no origin; wrapping; a cursor; no batching. */
#define VISIBLE "\033[?5l\033[?69l\033[?6l\033[?7h\033[?25h\033[?2026l"
/*
 * What is pressed comes as it is, pastes in brackets, and nothing else does:
 * keyboards of Windows, of kitty, the mouse, the focus.
 */
#define KEYBOARD                                                             \
	"\033[?9001l\033[>0u\033[?9l\033[?1000l\033[?1001l\033[?1002l\033[?" \
	"1003l\033[?1004l\033[?2004h"
/* ASCII, not protected from being erased, plain, no link; no margins. */
#define PLAIN "\033(B\017\033W\033[0\"q\033[0m\033]8;;\033\\\033[r"
/* Colours as they were configured (the console's, too), no pictures. */
#define COLOURS                                                                \
	"\033]104\033\\\033]105\033\\\033]110\033\\\033]111\033\\\033]112\033" \
	"\\\033]117\033\\\033]119\033\\\033]R\033\\\033[37;40m\033[8]\033[0m"  \
	"\033_Ga=d\033\\"
#define LOWEST "\033[999;1H"
/* A character uses up a shift that is for one only. */
#define TOP "\033[H " SCREEN_CLEAR

/* More rows than any window has are not scrolled. */
#define ROWS_MAX 1000

char *screen_prepare(const struct screen *screen, size_t rows)
{
	char *text = NULL;
	size_t size;
	FILE *const out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(END BASICS VISIBLE KEYBOARD, out);
	if (!screen->single_bytes)
		fputs("\033%G", out);
	fputs(PLAIN, out);
	if (screen->doubt)
		fputs(COLOURS, out);
	fputs(LOWEST, out);
	for (size_t i = 0; i < rows && i < ROWS_MAX; i++)
		fputc('\n', out);
	fputs(TOP, out);
	return text_finish(out, &text);
}

static void put_modes(FILE *out, const struct screen *screen)
{
	for (size_t i = 0; i < SCREEN_MODES_COUNT; i++) {
		const struct screen_mode_number *const mode = &screen_modes[i];

		if (mode->mode == SCREEN_ALTERNATE ||
		    mode->mode == SCREEN_KEYPAD ||
		    mode->mode == SCREEN_BRACKETS || !screen->modes[mode->mode])
			continue;
		fprintf(out, "\033[%s%u%c", mode->private ? "?" : "",
			mode->number, mode->inverted ? 'l' : 'h');
	}
	if (screen->modes[SCREEN_KEYPAD])
		fputs("\033=", out);
	if (!screen->modes[SCREEN_BRACKETS])
		fputs("\033[?2004l", out);
	if (screen->mouse)
		fprintf(out, "\033[?%dh", screen->mouse);
}

char *screen_restore(const struct screen *screen)
{
	char *text = NULL;
	size_t size;
	FILE *const out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("\033[<u", out);
	put_modes(out, screen);
	for (size_t i = 0; i < SCREEN_SETS; i++)
		if (screen->sets[i])
			fprintf(out, "\033%c%c", "()*+"[i], screen -> sets[i]);
	if (screen->modes[SCREEN_SHIFTED])
		fputc('\016', out);
	return text_finish(out, &text);
}

bool screen_is_picture(const struct screen *screen)
{
	return screen->modes[SCREEN_ALTERNATE] || screen->margins ||
	       screen->doubt;
}
