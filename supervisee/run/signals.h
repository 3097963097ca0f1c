/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals: those that are for the program and reach us, and the state in which
 * the program has to find all of them.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

/* What the caller of `landlord run` had set. */
struct signals {
	sigset_t mask;
	bool ignored[NSIG];
};

void signals_save(struct signals *ret);

/* In the program: everything as its caller had it. */
void signals_restore(const struct signals *signals);

/*
 * Blocks the signals that processes send to the front and that are meant for
 * the program, and no others; ignores those of the terminal that stop and
 * interrupt.
 * @ret: the blocked ones
 */
void signals_hold(sigset_t *ret);

/* Those that signals_hold() blocks. */
void signals_held(sigset_t *ret);

/*
 * Whether a held signal has come to this process too, and takes it. One that
 * was sent to the whole process group has also reached the program.
 */
bool signals_take(int signal_number);
