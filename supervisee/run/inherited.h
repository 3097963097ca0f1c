/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors that the shell left open for the program (3<FILE, a pipe of
 * make's): the program gets them, and nobody else may keep them open.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define INHERITED_MAX 64

struct inherited {
	int fds[INHERITED_MAX];
	size_t count;
};

/* Notes what is open above standard error. */
void inherited_note(struct inherited *ret);

void inherited_close(struct inherited *inherited);

/* Puts /dev/null in place of descriptors that somebody may wait to see closed.
 */
void inherited_let_go(int first, int last);

/*
 * Opens /dev/null in place of standard descriptors that are closed, so that
 * nothing of ours gets their numbers.
 */
void inherited_fill(bool ret_missing[3]);

/*
 * In the program, which gets a terminal of its own: all that leads to the real
 * one, where questions are asked, leads to this one from now on, and so do
 * standard descriptors that are any terminal.
 * Returns: 0 or a negative errno.
 */
int inherited_move_terminal(dev_t real, int tty_fd);

/* In the program: closes them again. */
void inherited_restore(const bool missing[3]);
