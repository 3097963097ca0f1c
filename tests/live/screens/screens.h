/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Screens: what a terminal has made of some output, compared with what
 * agent/screen.h has, and whether a question can be read on it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/screen.h"

/* What can be asked of a terminal; -1: it does not say. */
struct state {
	int modes[SCREEN_MODES_];
	int mouse;
	int margins;
};

/* A terminal that this runs in, or writes to. */
struct kind {
	const char *name;

	/* Waits until all that was written is done, and asks for its state. */
	void (*ask)(struct state *ret);

	/* What is on the screen, line by line, without spaces at the end. */
	void (*look)(char *ret, size_t size);
};

extern const struct kind kind_tmux, kind_xterm, kind_console;

extern int tty; /* the terminal's */
extern unsigned int rows;
extern const char *printed; /* where xterm prints its screen to */
extern int console_number;

void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void put(const char *bytes, size_t length);
void put_text(const char *text);

/* Reads what the terminal says until it has said @end, or nothing for long. */
bool hear(char *ret, size_t size, const char *end);

/* Random output of a program, from a seed. */
uint64_t random_next(uint64_t *seed);
size_t random_output(uint64_t *seed, char *ret, size_t size);

/* Output that hides what follows, or tries to; NULL after the last. */
extern const char *const hostile[];
