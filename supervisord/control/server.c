/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control server.
 */
#include "control/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "bus/names.h"
#include "control/connection.h"

/* The system is out of memory or files: others close theirs meanwhile. */
#define ACCEPT_PAUSE_USEC 200000
#define REFUSAL_BYTES 200
/* Clients taken in a row, before those that are here get their turn. */
#define ACCEPT_BATCH 16
/* For policy files, grants, plugins and the audit_log. */
#define DESCRIPTORS_RESERVED 32

struct server {
	struct supervisor *supervisor;
	struct event *listener, *pause;
	struct callers callers;
	int spare;    /* given up for a moment, to refuse a client with; -1 */
	bool refuses; /* the last client, which has been told */
};

/*
 * Whether there are descriptors for one more client, and some for files.
 * @ret_why: else a sentence for who is refused
 */
static bool has_room(const struct server *server, char ret_why[REFUSAL_BYTES])
{
	const size_t count = server->callers.count;
	const size_t wanted =
		(count + 1) * CONNECTION_DESCRIPTORS + DESCRIPTORS_RESERVED;
	struct rlimit limit;

	if (count >= SERVER_CONNECTIONS_MAX) {
		snprintf(ret_why, REFUSAL_BYTES,
			 "%zu programs and agents are connected, and no more "
			 "are taken",
			 count);
		return false;
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return true;
	snprintf(ret_why, REFUSAL_BYTES,
		 "%zu programs and agents are connected, and it may have no "
		 "more than %llu open files",
		 count, (unsigned long long)limit.rlim_cur);
	return false;
}

/* Says why, in the one line that any D-Bus library takes for a refusal. */
static void refuse(struct server *server, int client, const char *why)
{
	char line[sizeof(BUS_REFUSAL) + REFUSAL_BYTES + 2];
	const int length =
		snprintf(line, sizeof(line), BUS_REFUSAL "%s\r\n", why);

	if (!server->refuses)
		log_warning("control: clients are refused: %s", why);
	server->refuses = true;
	(void)send(client, line, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(client);
}

static void pause_accepting(struct server *server)
{
	const struct timeval pause = {.tv_usec = ACCEPT_PAUSE_USEC};

	event_del(server->listener);
	event_add(server->pause, &pause);
}

static int open_spare(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Without any descriptor left: the spare one's place is for saying so. */
static void refuse_with_spare(struct server *server, int listener)
{
	int fd = -1;

	if (errno == EMFILE && server->spare >= 0) {
		close(server->spare);
		fd = accept4(listener, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			refuse(server, fd, "it has no open file left");
		server->spare = open_spare();
	}
	if (fd < 0 || server->spare < 0)
		pause_accepting(server);
}

/* Takes one client. Returns: false when there is none, or no room. */
static bool accept_one(struct server *server, int listener)
{
	char why[REFUSAL_BYTES];
	int fd, error;

	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		switch (errno) {
		case EMFILE:
		case ENFILE:
		case ENOMEM:
		case ENOBUFS:
			refuse_with_spare(server, listener);
			return false;
		default:
			return errno == ECONNABORTED || errno == EINTR;
		}
	if (!has_room(server, why)) {
		refuse(server, fd, why);
		return true;
	}
	error = connection_new(&server->callers, server->supervisor, fd);
	if (!error) {
		server->refuses = false;
		return true;
	}
	if (error == -EPERM || error == -ESRCH) {
		log_warning("control: refused a client: %s", strerror(-error));
		close(fd);
	} else {
		refuse(server, fd, strerror(-error));
	}
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
	server->spare = open_spare();
	server->pause =
		evtimer_new(supervisor->registry.loop, on_resume, server);
	if (!server->pause || server_listen(server, listener) < 0) {
		server_free(server);
		return -ENOMEM;
	}
	*ret = server;
	return 0;
}

int server_listen(struct server *server, int listener)
{
	struct event *event =
		event_new(server->supervisor->registry.loop, listener,
			  EV_READ | EV_PERSIST, on_accept, server);

	if (!event || event_add(event, NULL) < 0) {
		if (event)
			event_free(event);
		return -ENOMEM;
	}
	if (server->listener)
		event_free(server->listener);
	server->listener = event;
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
	fd_close(server->spare);
	free(server);
	return NULL;
}
