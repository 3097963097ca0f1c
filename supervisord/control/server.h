/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control server: accepts clients on the control socket and lets them use a
 * supervisor. Clients are monitors, agents and the command line; each is a
 * connection that can harm only itself. A client for which there is no room is
 * told so, and may come again.
 */
#pragma once

#include <event2/event.h>

#include "supervision/supervisor.h"

#define SERVER_CONNECTIONS_MAX 4096

struct server;

/*
 * @listener: see control_listener_fd(); borrowed
 * Returns: 0 or a negative errno.
 */
int server_new(struct server **ret, struct supervisor *supervisor,
	       int listener);

/* Accepts from another listener than before. Returns: 0 or -ENOMEM. */
int server_listen(struct server *server, int listener);

/* Closes all connections, ends their domains. Takes NULL. */
struct server *server_free(struct server *server);
