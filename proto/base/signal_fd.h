/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals that are read (signalfd(2)), not handled. A handler interrupts the
 * call that its thread waits in, and not every call is restarted as it was.
 */
#pragma once

/*
 * Blocks a signal, in this thread and in those that it starts from then on.
 * Returns: a descriptor that is readable when it has come, or a negative errno.
 */
int signal_fd_open(int signal_number);

/* Takes the signal that has come; it may come again. */
void signal_fd_read(int fd);

/* Lets a signal interrupt this thread again. */
void signal_unblock(int signal_number);
