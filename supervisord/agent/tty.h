/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The real terminal, as the terminal agent writes to it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "agent/pty.h"

struct tty {
	int fd;	      /* our own, non-blocking where that is possible */
	size_t chunk; /* bytes that one write(2) takes without blocking */
};

#define TTY_CLOSED ((struct tty){.fd = -1})
#define TTY_CHUNK 4096 /* of a terminal that does not block */

/*
 * Opens the terminal a second time, so that O_NONBLOCK is set on a description
 * of our own: the shell shares the first one. Where that is not permitted (the
 * terminal of another user, after su) the first one serves, in small pieces.
 * Returns: 0, -ENOTTY, or another negative errno.
 */
int tty_open(struct tty *ret, int fd);

void tty_close(struct tty *tty);

/*
 * Says which terminal a descriptor leads to, also one that was opened as
 * /dev/tty, and that of a pseudo-terminal's other side.
 * Returns: 0, -ENOTTY, or another negative errno.
 */
int tty_device(int fd, dev_t *ret);

/*
 * Says what the kernel calls a terminal, beneath /dev.
 * Returns: 0, or a negative errno.
 */
int tty_device_name(dev_t device, char *ret, size_t size);

/* The size of a window, 24 rows of 80 columns if it is not known. */
void tty_size(int fd, size_t *ret_rows, size_t *ret_columns);

/* Whether the terminal has gone for good. */
bool tty_hung_up(const struct tty *tty);

/*
 * How much of a program's output can be written as it is while the terminal is
 * the shell's, and so makes "\r\n" of each "\n" by itself, as the program's own
 * has done already.
 * Returns: up to @length; 0 when the first byte is to be left out.
 */
size_t tty_plain_length(const struct tty *tty, const struct pty *pty,
			const char *bytes, size_t length);

/*
 * Keeps to ourselves what is shown on the terminal, as long as a question is
 * there: others who relay to it, as those of jobs in the background and of what
 * earlier programs have left behind, wait meanwhile. Without a description of
 * our own nobody can be told.
 */
void tty_claim(const struct tty *tty);
void tty_release(const struct tty *tty);

/*
 * write(2), unless somebody else has claimed the terminal.
 * Returns: bytes written, -EBUSY, or another negative errno.
 */
ssize_t tty_write_unclaimed(const struct tty *tty, const char *bytes,
			    size_t length);
