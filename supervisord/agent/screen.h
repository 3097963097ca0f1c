/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program's output has done to the screen, as far as it matters for
 * writing a question on it, and for leaving the screen as the program had it.
 * Pure: it reads bytes, it writes nothing.
 *
 * Whether a question can be read never depends on what is known here: all that
 * could hide it is set before each question, see screen_prepare(). Only what is
 * given back afterwards does, and two things that cannot be given back and are
 * therefore not touched for nothing: the colours that the person may have given
 * the terminal, and the picture of a full-screen program. For these, terminals
 * read some output in different ways; what is not read in the same way by all
 * of them makes us doubt, and in doubt both are renewed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SCREEN_PARAMETERS_MAX 16
#define SCREEN_SETS 4

/* The modes that are put back after a question. */
enum screen_mode {
	SCREEN_INSERT,	  /* IRM */
	SCREEN_NEWLINE,	  /* LNM */
	SCREEN_ARROWS,	  /* DECCKM: arrow keys for applications */
	SCREEN_REVERSE,	  /* DECSCNM */
	SCREEN_ORIGIN,	  /* DECOM */
	SCREEN_NO_WRAP,	  /* DECAWM is off */
	SCREEN_HIDDEN,	  /* DECTCEM is off: no cursor */
	SCREEN_SIDES,	  /* DECLRMM: left and right margins */
	SCREEN_FOCUS,	  /* the terminal tells who has the focus */
	SCREEN_BRACKETS,  /* pastes are bracketed */
	SCREEN_ALTERNATE, /* the other screen: not put back, but redrawn */
	SCREEN_KEYPAD,	  /* DECPAM */
	SCREEN_SHIFTED,	  /* SO: G1 is in use */
	SCREEN_MODES_
};

/* What a cursor that is saved takes with it. */
struct screen_saved {
	bool known; /* it was saved, on this screen */
	bool origin, shifted;
	char sets[SCREEN_SETS]; /* G0 to G3; 0: ASCII */
};

struct screen {
	bool modes[SCREEN_MODES_];
	int mouse;		/* 9, 1000 to 1003; 0: not reported */
	bool margins;		/* some were set: redrawn */
	bool doubt;		/* not all terminals read this output alike */
	bool single_bytes;	/* the terminal reads no UTF-8; the owner's */
	char sets[SCREEN_SETS]; /* G0 to G3; 0: ASCII */
	struct screen_saved saved, entered; /* the other one: by mode 1049 */
	/* Parser */
	enum {
		SCREEN_TEXT,
		SCREEN_ESCAPE,
		SCREEN_INTERMEDIATE, /* ESC SP to ESC / */
		SCREEN_CSI,
		SCREEN_STRING, /* OSC, DCS, ...: until BEL or ST */
	} state;
	char opener;	     /* of a string; the intermediate of ESC */
	char private, extra; /* CSI: first of "<=>?", last of SP to "/" */
	bool colons;	     /* CSI: parameters have parts */
	unsigned int numbers[SCREEN_PARAMETERS_MAX];
	size_t count, length;
	size_t more; /* bytes that a UTF-8 character still has */
	unsigned char
		least; /* its next byte is a control, or overlong, below */
};

/* Follows what is written to the terminal. A zeroed screen is a fresh one. */
void screen_follow(struct screen *screen, const char *bytes, size_t length);

/*
 * What to write before a question, whatever was written before: ends what was
 * left open, sets all that decides on whether text is visible, scrolls what is
 * on the screen out of sight (into what can be scrolled back to, where the
 * terminal has that), and leaves the cursor at the top.
 * @rows: of the window
 * Returns: a text (free(3)), or NULL when memory is short.
 */
char *screen_prepare(const struct screen *screen, size_t rows);

/* Clears the screen of text that was written since. */
#define SCREEN_CLEAR "\033[H\033[J"

/*
 * What to write after the last question: the modes that the program had set.
 * Returns: a text (free(3)), or NULL when memory is short.
 */
char *screen_restore(const struct screen *screen);

/* Whether the program has to draw its picture anew. */
bool screen_is_picture(const struct screen *screen);
