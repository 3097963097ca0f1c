/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Receiving: taking calls over from the kernel.
 *
 * Until a call has been received any signal with a handler interrupts it, also
 * one that natively never is; afterwards only a fatal one does. So all are
 * received before anything is done that takes longer than a fast lookup, or a
 * look at registers.
 */
#pragma once

#include <stdbool.h>

struct seccomp;

/*
 * Receives what there is, at most until @wanted calls are not served. Never
 * waits. The engine's remote file systems are up to date afterwards.
 * Returns: whether there will be more, ever.
 */
bool receive(struct seccomp *seccomp, unsigned int wanted);
