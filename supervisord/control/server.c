/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control server.
 */
#include "control/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "control/connection.h"

/* Out of descriptors: others close theirs meanwhile. */
#define ACCEPT_PAUSE_USEC 200000
/* Clients taken in a row, before those that are here get their turn. */
#define ACCEPT_BATCH 16
/* For policy files, grants, plugins and the record. */
#define DESCRIPTORS_RESERVED 32

struct server {
	struct supervisor *supervisor;
	struct event *listener, *pause;
	struct callers callers;
};

/*
 * Whether there are descriptors for one more client, and some for files. A
 * client that is taken without would be refused; who is not taken yet waits.
 */
static bool has_room(const struct server *server)
{
	const size_t wanted =
		(server->callers.count + 1) * CONNECTION_DESCRIPTORS +
		DESCRIPTORS_RESERVED;
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted;
}

static void pause_accepting(struct server *server)
{
	const struct timeval pause = {.tv_usec = ACCEPT_PAUSE_USEC};

	event_del(server->listener);
	event_add(server->pause, &pause);
}

/* Takes one client. Returns: false when there is none, or no room. */
static bool accept_one(struct server *server, int listener)
{
	int fd, r;

	if (!has_room(server)) {
		pause_accepting(server);
		return false;
	}
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
		pause_accepting(server);
	if (fd < 0)
		return errno == ECONNABORTED || errno == EINTR;
	if (server->callers.count == SERVER_CONNECTIONS_MAX) {
		log_warning("control: too many clients");
		close(fd);
		return true;
	}
	r = connection_new(&server->callers, server->supervisor, fd);
	if (r < 0)
		log_warning("control: refused a client: %s", strerror(-r));
	return true;
}

static void on_accept(evutil_socket_t listener, short events, void *userdata)
{
	(void)events;
	for (int i = 0; i < ACCEPT_BATCH; i++)
		if (!accept_one(userdata, listener))
			return;
}

static void on_resume(evutil_socket_t fd, short events, void *userdata)
{
	struct server *server = userdata;

	(void)fd;
	(void)events;
	event_add(server->listener, NULL);
}

int server_new(struct server **ret, struct supervisor *supervisor, int listener)
{
	struct server *server = calloc(1, sizeof(*server));

	if (!server)
		return -ENOMEM;
	callers_init(&server->callers);
	server->supervisor = supervisor;
	server->listener = event_new(supervisor->registry.loop, listener,
				     EV_READ | EV_PERSIST, on_accept, server);
	server->pause =
		evtimer_new(supervisor->registry.loop, on_resume, server);
	if (!server->listener || !server->pause ||
	    event_add(server->listener, NULL) < 0) {
		server_free(server);
		return -ENOMEM;
	}
	*ret = server;
	return 0;
}

struct server *server_free(struct server *server)
{
	struct caller *caller;

	if (!server)
		return NULL;
	/* Here each is the first member of a connection. */
	while ((caller = TAILQ_FIRST(&server->callers.list)))
		connection_free((struct connection *)caller);
	if (server->listener)
		event_free(server->listener);
	if (server->pause)
		event_free(server->pause);
	free(server);
	return NULL;
}

size_t server_connections(const struct server *server)
{
	return server->callers.count;
}
