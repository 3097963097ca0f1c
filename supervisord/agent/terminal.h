/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal agent: the program gets a pseudo-terminal of its own, and the
 * questions are put on the real one.
 *
 *	terminal_new(&terminal, loop, tty_fd);   raw mode starts with resume
 *	slave = terminal_slave(terminal);        for the program's session
 *	terminal_resume(terminal);
 *	... terminal_agent(terminal) gives the agent for questions ...
 *	terminal_suspend(terminal);              the program was stopped (^Z)
 *	terminal_resume(terminal);               and continued in foreground
 *	terminal_detach(terminal);               the program has ended
 *	terminal_free(terminal);                 drains output, restores
 *
 * While a question is open the program's output is held in a bounded buffer
 * (the pty then blocks the writer) and typed-ahead input is dropped. The real
 * terminal is restored by free, suspend and on any fatal signal.
 */
#pragma once

#include <event2/event.h>
#include <sys/types.h>

#include "agent/agent.h"

struct terminal;

/*
 * Opens a pty with the size and modes of the real terminal.
 * @tty_fd: the real terminal (duplicated)
 * Returns: 0, -ENOTTY, or another negative errno.
 */
int terminal_new(struct terminal **ret, struct event_base *loop, int tty_fd);

/* The program's side of the pty; owned by the terminal, O_CLOEXEC. */
int terminal_slave(const struct terminal *terminal);

/* The device of the real terminal, which the program must not reach. */
dev_t terminal_device(const struct terminal *terminal);

/* Closes our copy of the program's side, once the program has its own. */
void terminal_close_slave(struct terminal *terminal);

/* The agent that asks on this terminal; owned by the terminal. */
struct agent *terminal_agent(struct terminal *terminal);

/* Enters raw mode and relays; only when in the foreground of the tty. */
int terminal_resume(struct terminal *terminal);

/* Gives the real terminal back as it was found; stops relaying. */
void terminal_suspend(struct terminal *terminal);

/*
 * The program has ended, but not all that it has started: drains, gives the
 * real terminal back, asks nobody any more, and from now on writes out what
 * the others write to theirs, as the output of a background job. Nothing is
 * read: that is the shell's. They lose their terminal with the real one.
 */
void terminal_detach(struct terminal *terminal);

/* Drains what the program wrote, restores the terminal. Takes NULL. */
struct terminal *terminal_free(struct terminal *terminal);
