/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Targets that die while somebody works or waits for them: their questions are
 * withdrawn, and what is done for them is interrupted.
 */
#pragma once

#include <event2/event.h>

struct seccomp;

/* Looks who has died, and comes again while anybody waits; an event_callback_fn. */
void targets_check(evutil_socket_t fd, short what, void *seccomp);

/* Denies everything that waits for an answer. */
void targets_deny(struct seccomp *seccomp);
