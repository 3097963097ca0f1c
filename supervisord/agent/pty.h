/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pseudo-terminals that look like the real one.
 */
#pragma once

struct pty {
	int master; /* ours, non-blocking; -1 when closed */
	int slave;  /* the program's; -1 when closed */
};

#define PTY_CLOSED ((struct pty){.master = -1, .slave = -1})

/*
 * Opens a pair with the modes and the size of a terminal. Both are O_CLOEXEC
 * and neither becomes a controlling terminal.
 * Returns: 0, -ENOTTY when @tty_fd is none, or another negative errno.
 */
int pty_open(struct pty *ret, int tty_fd);

/* Gives the pair the present size of the terminal; the program hears of it. */
void pty_resize(const struct pty *pty, int tty_fd);

/*
 * Makes the program draw its screen anew: tells it of another size, then of
 * the right one.
 */
void pty_redraw(const struct pty *pty, int tty_fd);

void pty_close_slave(struct pty *pty);
void pty_close(struct pty *pty);
