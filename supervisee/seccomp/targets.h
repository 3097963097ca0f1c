/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Targets that die while somebody works or waits for them: their questions are
 * withdrawn, and what is done for them is interrupted.
 */
#pragma once

#include <event2/event.h>

struct seccomp;

/* Looks from time to time, as long as there is anything to look at. */
void targets_watch(struct seccomp *seccomp);

/* The timer that does; an event_callback_fn. */
void targets_check(evutil_socket_t fd, short what, void *seccomp);

/* Denies everything that waits for an answer. */
void targets_deny(struct seccomp *seccomp);
