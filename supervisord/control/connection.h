/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections: one client of the control socket, and what it has registered.
 *
 * It belongs to the process that connected, and ends with it. It is freed from
 * the loop only, never from within a message handler or a callback of the core.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <sys/queue.h>
#include <systemd/sd-bus.h>

#include "control/bus_agent.h"
#include "control/bus_loop.h"
#include "control/gate.h"
#include "supervision/domain.h"
#include "supervision/supervisor.h"

/* A client that does not read is dropped when that many messages wait. */
#define CONNECTION_QUEUE_MAX 4096
/* A monitor that does not acknowledge a commit by then is dropped. */
#define CONNECTION_COMMIT_USEC (10 * 1000000)

struct server;

struct connection {
	TAILQ_ENTRY(connection) link;
	struct server *server;
	void (*ended)(struct server *server, struct connection *connection);
	struct supervisor *supervisor;
	uint64_t id;
	pid_t pid;
	uid_t uid;
	int pidfd;
	struct gate *gate;
	sd_bus *bus;
	struct bus_loop *loop;
	struct event *gone;   /* the process has ended */
	struct event *reaper; /* frees it from the loop */

	struct domain *domain;	      /* registered by a monitor */
	struct bus_agent *own_agent;  /* of that domain */
	struct bus_agent *subscribed; /* for everybody's questions */
	sd_bus_slot *commit;	      /* in flight */
};

/*
 * Takes a client.
 * @client: owned from then on, also after a failure
 * @ended: called when it is about to be freed, also one that failed half-made
 * Returns: 0, or a negative errno.
 */
int connection_new(struct connection **ret, struct server *server,
		   struct supervisor *supervisor, struct event_base *loop,
		   int client,
		   void (*ended)(struct server *server,
				 struct connection *connection));

/* Takes NULL; always returns NULL. */
struct connection *connection_free(struct connection *connection);

/* Ends it soon, from the loop. */
void connection_close(struct connection *connection, const char *why);

/* Sends a message and gives up on a client that does not read. */
int connection_send(struct connection *connection, sd_bus_message *message);

/* An agent on the other side of it; the caller owns it. NULL without memory. */
struct bus_agent *connection_agent_new(struct connection *connection);

/* The methods, in methods.c. */
extern const sd_bus_vtable supervisor_vtable[];
