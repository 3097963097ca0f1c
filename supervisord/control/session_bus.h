/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On the session bus, under a well-known name: so that the bus can start the
 * daemon, and whoever wonders whether it is there can ask. Nothing more.
 *
 * A message bus tells who connected to it, not who wrote a message, and behind
 * a proxy everybody is the proxy; a supervised program is often let through to
 * the bus by one. So nothing that decides, and nothing that tells of those who
 * are supervised, can be reached there: all of it is on the control socket.
 */
#pragma once

#include "supervision/supervisor.h"

struct session_bus;

/*
 * Connects to the bus that $DBUS_SESSION_BUS_ADDRESS names and asks for the
 * name. What goes wrong is logged: nothing else depends on it.
 * Returns: 0 (*ret is NULL without a bus), or -ENOMEM.
 */
int session_bus_new(struct session_bus **ret, struct supervisor *supervisor);

/* Takes NULL; always returns NULL. */
struct session_bus *session_bus_free(struct session_bus *session);
