/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control interface on the session bus, under a well-known name: for agents
 * and tools that know message buses only.
 *
 * Monitors stay on the control socket, where every byte tells who wrote it. A
 * message bus says who connected to it; that process is looked at when it
 * calls, and is refused what it may not do. A connection to the bus that it has
 * handed on speaks in its name.
 */
#pragma once

#include "supervision/supervisor.h"

#define SESSION_BUS_PEERS_MAX 256
#define SESSION_BUS_WAITING_MAX 16 /* calls of one, until it is known who */

struct session_bus;

/*
 * Connects to the bus that $DBUS_SESSION_BUS_ADDRESS names and asks for the
 * name. What goes wrong is logged: nothing else depends on it.
 * Returns: 0 (*ret is NULL without a bus), or -ENOMEM.
 */
int session_bus_new(struct session_bus **ret, struct supervisor *supervisor);

/* Takes NULL; always returns NULL. */
struct session_bus *session_bus_free(struct session_bus *session);
