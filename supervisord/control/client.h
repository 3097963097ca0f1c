/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other side of the control socket: how programs reach the daemon.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "control/patience.h"
#include "core/rule.h"

/* How long the command line waits for the daemon, and then for each reply. */
#define CLIENT_TIMEOUT_MS 10000

/*
 * Connects to the daemon, and waits until it has said something and is known to
 * be the daemon. Only the process that connected may use the connection:
 * connect after the last fork.
 * Returns: 0; -ENOENT or -ECONNREFUSED when no daemon listens; -ETIMEDOUT when
 * it says nothing; -EUSERS when it has no room for one more, see client_why();
 * -EDEADLK from inside a supervised tree; -EKEYREJECTED when who listens is not
 * believed; or another negative errno.
 */
int client_open(sd_bus **ret);

/* The same with other patience. Returns: also -ECANCELED. */
int client_open_with(sd_bus **ret, struct patience *patience);

/*
 * The same in two steps, for who cannot wait: begins, and makes sure of the
 * daemon when something has come. Until then nothing of that may be processed.
 * Returns: as client_open(); client_begin() also -EAGAIN when too many are
 * waiting for the daemon already, client_confirm() when nothing has come yet.
 */
int client_begin(sd_bus **ret);
int client_confirm(sd_bus *bus);

/*
 * Says for a person why client_open() failed just now.
 * Returns: a sentence; static storage, until the next connection.
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
 * @ret_sentence: on failure a sentence (free(3)); may be NULL
 * Returns: 0 or a negative errno.
 */
int client_call(sd_bus *bus, sd_bus_message *call, sd_bus_message **ret_reply,
		char **ret_sentence);

/*
 * The same with other patience. Calls from the other side are served meanwhile.
 * Returns: also -ETIMEDOUT and -ECANCELED.
 */
int client_call_with(sd_bus *bus, sd_bus_message *call,
		     struct patience *patience, sd_bus_message **ret_reply,
		     char **ret_sentence);

/*
 * Serves the connection until the patience is at its end, or something happens.
 * Returns: positive when something was processed, 0 when there may be more to
 * process now, or a negative errno.
 */
int client_process(sd_bus *bus, struct patience *patience);
