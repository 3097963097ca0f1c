/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells when what is kept has changed: the log, and what was answered. However
 * much is written, it tells once in two seconds at most.
 */
#pragma once

struct state_watch;

struct state_watch *state_watch_new(void (*changed)(void *userdata),
				    void *userdata);

/* Takes NULL; always returns NULL. */
struct state_watch *state_watch_free(struct state_watch *watch);
