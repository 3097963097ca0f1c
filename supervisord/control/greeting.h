/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The greeting: what the daemon says first, waited for in a loop. Until it has
 * come, and its sender is known to be the daemon, nothing of the connection is
 * processed.
 */
#pragma once

#include <event2/event.h>
#include <systemd/sd-bus.h>

#define GREETING_SECONDS 15

struct greeting;

/*
 * @bus: of client_begin(); borrowed
 * @done: called from the loop, once, with what client_confirm() returns, or
 *        -ETIMEDOUT; it may free the greeting
 * Returns: 0 or -ENOMEM.
 */
int greeting_new(struct greeting **ret, struct event_base *loop, sd_bus *bus,
		 void (*done)(void *userdata, int error), void *userdata);

/* Takes NULL; always returns NULL. */
struct greeting *greeting_free(struct greeting *greeting);
