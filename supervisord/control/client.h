/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other side of the control socket: how programs reach the daemon.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "core/rule.h"

/* How long the command line waits for a reply. */
#define CLIENT_TIMEOUT_USEC (15 * 1000000)

/*
 * Connects to the daemon, and waits until it has said something and is known to
 * be the daemon. Only the process that connected may use the connection:
 * connect after the last fork.
 * Returns: 0; -ENOENT or -ECONNREFUSED when no daemon listens; -EDEADLK from
 * inside a supervised tree; -EKEYREJECTED when who listens is not believed; or
 * another negative errno.
 */
int client_open(sd_bus **ret);

/*
 * The same in two steps, for who cannot wait: begins, and later makes sure of
 * the daemon. Until then nothing of what comes may be processed.
 * @timeout_msec: how long to wait for its first word
 * Returns: as client_open(), -ETIMEDOUT when it has said nothing.
 */
int client_begin(sd_bus **ret);
int client_confirm(sd_bus *bus, int timeout_msec);

/*
 * Says for a person why client_open() failed.
 * Returns: a sentence; static storage.
 */
const char *client_why(int error);

/*
 * Starts a method call of org.landlord.Supervisor1.
 * Returns: 0 or a negative errno.
 */
int client_call_new(sd_bus *bus, const char *method, sd_bus_message **ret);

/*
 * Sends a call and waits for its reply.
 * @ret_reply: may be NULL
 * @error_ret: on failure a sentence (free(3)); may be NULL
 * Returns: 0 or a negative errno.
 */
int client_call(sd_bus *bus, sd_bus_message *call, sd_bus_message **ret_reply,
		char **error_ret);
