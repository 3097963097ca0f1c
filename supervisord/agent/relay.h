/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A relay: what is typed on the real terminal goes to the program's
 * pseudo-terminal, and what the program writes there goes to the real one.
 *
 * Which descriptors events are wanted of follows from the state alone, and is
 * decided in one place: whoever changes the state calls relay_update().
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#include "agent/pty.h"
#include "agent/screen.h"
#include "agent/tty.h"

struct evbuffer;

struct relay_ops {
	/* Keys were typed; see relay_type(). */
	void (*typed)(void *userdata, const char *bytes, size_t length);

	/* The window has another size; the program's terminal has it already.
	 */
	void (*resized)(void *userdata);

	/* The real terminal has gone; the program's is closed already. */
	void (*gone)(void *userdata);
};

struct relay {
	struct event_base *loop;
	const struct relay_ops *ops;
	void *userdata;
	struct tty tty;
	struct pty pty;
	struct screen screen;	 /* after all that was written so far */
	struct evbuffer *input;	 /* typed, for the program */
	struct evbuffer *output; /* of the program, for the terminal */
	struct evbuffer *text;	 /* ours, for the terminal: goes first */
	struct event *tty_read, *tty_write, *master_read, *master_write;
	struct event *resized, *hangup;
	int hangup_fd, resized_fd;
	/* The owner's to change: */
	bool running;	 /* anything goes to and fro */
	bool foreground; /* the real terminal is ours, in raw mode */
	bool holding;	 /* no output of the program goes out */
	/* The relay's own: */
	bool ended; /* nobody has the program's side open */
	bool gone;  /* the real terminal hung up */
	bool waits; /* somebody else's question is on the terminal */
	struct event *retry;
};

/*
 * Opens a pty with the size and modes of the real terminal. Nothing runs yet.
 * @ret: to be closed also after a failure
 * @tty_fd: the real terminal (duplicated)
 * @ops: must outlive the relay
 * SIGWINCH is blocked from then on: what is forked has to have the mask of
 * before when it executes a program.
 *
 * Returns: 0, -ENOTTY, or another negative errno.
 */
int relay_open(struct relay *ret, struct event_base *loop, int tty_fd,
	       const struct relay_ops *ops, void *userdata);

/* Drops what has not gone out: see relay_drain(). */
void relay_close(struct relay *relay);

/* Waits for what the state calls for. */
void relay_update(struct relay *relay);

/* Queues keys for the program. */
void relay_type(struct relay *relay, const char *bytes, size_t length);

/* Queues text of ours for the terminal; its lines end with "\n". */
void relay_write(struct relay *relay, const char *text);

/*
 * Writes out what the program wrote so far, as long as the terminal takes it,
 * and waits for another one's question for a moment only.
 */
void relay_drain(struct relay *relay);

/* Notices from now on when the terminal goes, although nothing is read there.
 */
void relay_watch_hangup(struct relay *relay);
