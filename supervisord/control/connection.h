/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections: one client of the control socket, and what it has registered.
 *
 * It belongs to the process that connected, and ends with it. It is freed from
 * the loop only, never from within a message handler or a callback of the core.
 */
#pragma once

#include <event2/event.h>
#include <systemd/sd-bus.h>

#include "control/bus_loop.h"
#include "control/caller.h"
#include "control/gate.h"
#include "control/peer.h"
#include "supervision/domain.h"

/* The client, both ends behind its gate, and its process. */
#define CONNECTION_DESCRIPTORS 4
/* A client that does not read is dropped when that many messages wait. */
#define CONNECTION_QUEUE_MAX 4096
/* A monitor that does not acknowledge a commit by then is dropped; what it has
 * not been told before it gets some more time for. */
#define CONNECTION_COMMIT_USEC (10 * 1000000)
#define CONNECTION_RULE_USEC 100

struct connection {
	struct caller caller; /* the first member */
	struct peer peer;     /* its process */
	struct gate *gate;
	struct bus_loop *loop;
	struct event *gone;   /* the process has ended */
	struct event *reaper; /* frees it from the loop */
	sd_bus_slot *commit;  /* in flight */
	struct ruleset *told; /* whose books the monitor has; NULL: unknown */
	struct rules handed;  /* over, by a monitor that has not registered */
	int handed_error;
	char **variables; /* of its program; NULL: it has told of none */
};

/*
 * Takes a client.
 * @callers: where it is listed until it ends
 * @client: owned from then on, but not after a failure
 * Returns: 0; -EPERM or -ESRCH: it is nobody's who may speak here; or another
 * negative errno.
 */
int connection_new(struct callers *callers, struct supervisor *supervisor,
		   int client);

/* Takes NULL; always returns NULL. */
struct connection *connection_free(struct connection *connection);

/* Ends it soon, from the loop. */
void connection_close(struct connection *connection, const char *why);
