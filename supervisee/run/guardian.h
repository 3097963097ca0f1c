/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guardian: the parent of the monitor, and what survives with it when the
 * front has ended.
 *
 *	shell - front - guardian - monitor - program (or its session's leader)
 *
 * Without the monitor the supervised tree would go on in a half-life: confined,
 * but with every notified call failing with ENOSYS. So whoever kills the monitor
 * kills the tree, also when the front has long gone and only processes that the
 * program left behind are supervised: they come to the guardian as orphans, and
 * it ends them. If the guardian itself is killed, the monitor does the same.
 *
 * It is a session of its own, so that a signal to the shell's job, SIGKILL
 * included, does not reach both of them. It keeps the monitor's end of the
 * channel to the front open, which so learns of the monitor's death when the
 * tree has ended, not before.
 */
#pragma once

#include "run/inherited.h"

/*
 * Forks the monitor and guards it.
 * @inherited: what the guardian closes of the shell's
 * @ret_guardian: in the monitor: at its end of file the guardian has died;
 *                owned by the caller
 * Returns: in the monitor only: 0, or a negative errno when there is none. The
 * guardian exits when its work is done.
 */
int guardian_fork(struct inherited *inherited, int *ret_guardian);

/*
 * Lets the guardian keep the listener open: whoever waits for an answer when
 * the monitor dies goes on waiting until it is killed. Otherwise the kernel
 * would answer that there is no such call, and a program might act on that
 * first.
 * @guardian: of guardian_fork()
 * @listener: stays the caller's
 * Returns: 0 or a negative errno.
 */
int guardian_keep(int guardian, int listener);
