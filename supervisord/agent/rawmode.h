/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modes of the real terminal: taken over, and given back whatever happens.
 *
 * One terminal a process. From rawmode_enter() on, until rawmode_leave(), a
 * handler for every fatal signal that would otherwise kill the process without
 * a word restores the modes first (tcsetattr() is async-signal-safe); exit(3)
 * restores them too, and a stop signal gives them back while stopped. Only
 * SIGKILL cannot be caught: whoever outlives such a process holds a copy of
 * the modes (tty_modes_save()) and restores it.
 */
#pragma once

#include <stdbool.h>
#include <termios.h>

/* A copy of a terminal's modes. */
struct tty_modes {
	struct termios termios;
	bool saved;
};

/* Takes a copy. Returns: 0, -ENOTTY, or another negative errno. */
int tty_modes_save(struct tty_modes *ret, int tty_fd);

/*
 * Gives the copy back, without delay and without being stopped for it. Does
 * nothing when none was saved or when another job has the terminal by now.
 */
void tty_modes_restore(const struct tty_modes *modes, int tty_fd);

/* Whether this process may use the terminal: its group is in the foreground,
 * or it is not our controlling terminal, where there is no such thing. */
bool tty_is_foreground(int tty_fd);

enum rawmode {
	RAWMODE_BYTES, /* every byte as typed: relaying to a pseudo-terminal */
	RAWMODE_KEYS,  /* single keys without echo; ^C and ^Z are signals */
};

/*
 * Saves the modes and changes them.
 * @tty_fd: borrowed until rawmode_leave()
 * Returns: 0, -EBUSY when it is entered already, or another negative errno.
 */
int rawmode_enter(int tty_fd, enum rawmode mode);

/* Restores the modes and the signal handlers; nothing when not entered. */
void rawmode_leave(void);
