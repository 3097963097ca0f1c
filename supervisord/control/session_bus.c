/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control interface on the session bus.
 *
 * Of a sender that calls for the first time the bus is asked who it is; its
 * calls wait for that, so that the loop does not. It is forgotten when the bus
 * says that its name has gone.
 */
#include "control/session_bus.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "bus/names.h"
#include "control/bus_loop.h"
#include "control/caller.h"
#include "control/errors.h"
#include "control/methods.h"

/* The bus is given up when that many messages wait for it. */
#define QUEUE_MAX 4096

#define DRIVER "org.freedesktop.DBus"
#define DRIVER_PATH "/org/freedesktop/DBus"

struct session_bus {
	struct supervisor *supervisor;
	sd_bus *bus;
	struct bus_loop *loop;
	struct callers peers;
	struct event *reaper; /* closes it from the loop */
};

struct peer {
	struct caller caller; /* the first member; its name is ours */
	struct session_bus *session;
	int pidfd; /* -1: not known yet who it is */
	sd_bus_slot *gone, *credentials;
	sd_bus_message *waiting[SESSION_BUS_WAITING_MAX];
	size_t waiting_count;
};

/* --- Peers ------------------------------------------------------- */

static void peer_free(struct peer *peer)
{
	caller_finish(&peer->caller);
	sd_bus_slot_unref(peer->gone);
	sd_bus_slot_unref(peer->credentials);
	while (peer->waiting_count > 0)
		sd_bus_message_unref(peer->waiting[--peer->waiting_count]);
	fd_close(peer->pidfd);
	free((char *)peer->caller.name);
	free(peer);
}

static int send_message(struct caller *caller, sd_bus_message *message)
{
	struct session_bus *session = ((struct peer *)caller)->session;
	uint64_t queued = 0;
	int r;

	if (sd_bus_get_n_queued_write(session->bus, &queued) >= 0 &&
	    queued > QUEUE_MAX) {
		event_active(session->reaper, EV_TIMEOUT, 0);
		return -ENOBUFS;
	}
	r = sd_bus_send(session->bus, message, NULL);
	bus_loop_update(session->loop);
	return r < 0 ? r : 0;
}

static struct peer *find_peer(struct session_bus *session, const char *name)
{
	struct caller *caller;

	TAILQ_FOREACH (caller, &session->peers.list, link)
		if (strcmp(caller->name, name) == 0)
			return (struct peer *)caller;
	return NULL;
}

/* Whether the process that connected to the bus is still there. */
static bool is_alive(const struct peer *peer)
{
	struct pollfd pollfd = {.fd = peer->pidfd, .events = POLLIN};

	return poll(&pollfd, 1, 0) == 0;
}

/* Goes on with a call as the handler of the method does. */
static int call(struct peer *peer, sd_bus_message *m, sd_bus_error *error)
{
	const sd_bus_message_handler_t method =
		method_find(sd_bus_message_get_member(m));

	if (!is_alive(peer))
		return bus_fail(error, -EPERM,
				"the process that connected has ended");
	return method ? method(m, &peer->caller, error) : -ENOENT;
}

static void call_waiting(struct peer *peer)
{
	for (size_t i = 0; i < peer->waiting_count; i++) {
		sd_bus_error error = SD_BUS_ERROR_NULL;
		const int r = call(peer, peer->waiting[i], &error);

		if (r < 0)
			sd_bus_reply_method_errno(peer->waiting[i], r, &error);
		sd_bus_error_free(&error);
		sd_bus_message_unref(peer->waiting[i]);
	}
	peer->waiting_count = 0;
}

static void refuse_waiting(struct peer *peer, const char *why)
{
	for (size_t i = 0; i < peer->waiting_count; i++)
		sd_bus_reply_method_errorf(peer->waiting[i],
					   SD_BUS_ERROR_ACCESS_DENIED, "%s",
					   why);
}

/* Reads one "{sv}". Returns: as sd_bus_message_exit_container(). */
static int read_credential(sd_bus_message *m, uint32_t *pid, uint32_t *uid)
{
	const char *key;
	uint32_t *number;
	int r = sd_bus_message_read(m, "s", &key);

	if (r < 0)
		return r;
	number = strcmp(key, "ProcessID") == 0	  ? pid
		 : strcmp(key, "UnixUserID") == 0 ? uid
						  : NULL;
	r = number ? sd_bus_message_read(m, "v", "u", number)
		   : sd_bus_message_skip(m, "v");
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

/* Returns: 0, or a negative errno: it is not known, or may not call. */
static int identify(struct peer *peer, sd_bus_message *m)
{
	uint32_t pid = 0, uid = UINT32_MAX;
	int r = sd_bus_message_enter_container(m, 'a', "{sv}");

	while (r >= 0 && (r = sd_bus_message_enter_container(m, 'e', "sv")) > 0)
		r = read_credential(m, &pid, &uid);
	if (r < 0)
		return r;
	if (pid == 0 || pid > INT32_MAX || (uid != geteuid() && uid != 0))
		return -EPERM;
	peer->caller.pid = (pid_t)pid;
	peer->pidfd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	return peer->pidfd < 0 ? -errno : 0;
}

static int on_credentials(sd_bus_message *m, void *userdata,
			  sd_bus_error *error)
{
	struct peer *peer = userdata;

	(void)error;
	peer->credentials = sd_bus_slot_unref(peer->credentials);
	if (sd_bus_message_get_error(m) || identify(peer, m) < 0) {
		refuse_waiting(peer, "it is not known who calls");
		peer_free(peer);
		return 1;
	}
	call_waiting(peer);
	return 1;
}

/* Its name has gone, and it with it: what it has ends. */
static int on_gone(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	(void)m;
	(void)error;
	peer_free(userdata);
	return 0;
}

static int follow(struct peer *peer)
{
	_cleanup_free_ char *match = NULL;
	sd_bus *bus = peer->session->bus;
	int r;

	if (asprintf(&match,
		     "type='signal',sender='" DRIVER "',path='" DRIVER_PATH
		     "',interface='" DRIVER "',member='NameOwnerChanged',"
		     "arg0='%s',arg2=''",
		     peer->caller.name) < 0) {
		match = NULL;
		return -ENOMEM;
	}
	/* In this order: it cannot go in between unseen. */
	r = sd_bus_add_match_async(bus, &peer->gone, match, on_gone, NULL,
				   peer);
	if (r >= 0)
		r = sd_bus_call_method_async(
			bus, &peer->credentials, DRIVER, DRIVER_PATH, DRIVER,
			"GetConnectionCredentials", on_credentials, peer, "s",
			peer->caller.name);
	return r < 0 ? r : 0;
}

static int add_peer(struct session_bus *session, const char *name,
		    struct peer **ret)
{
	struct peer *peer;
	int r;

	if (session->peers.count == SESSION_BUS_PEERS_MAX)
		return -ENOSPC;
	peer = calloc(1, sizeof(*peer));
	if (!peer)
		return -ENOMEM;
	peer->session = session;
	peer->pidfd = -1;
	peer->caller = (struct caller){
		.supervisor = session->supervisor,
		.id = registry_next_id(&session->supervisor->registry),
		.bus = session->bus,
		.name = strdup(name),
		.send = send_message,
	};
	r = peer->caller.name ? follow(peer) : -ENOMEM;
	if (r < 0) {
		peer_free(peer);
		return r;
	}
	callers_add(&session->peers, &peer->caller);
	*ret = peer;
	return 0;
}

METHOD(session_bus_call)
{
	struct session_bus *session = userdata;
	const char *name = sd_bus_message_get_sender(m);
	struct peer *peer;
	int r;

	if (!name)
		return bus_fail(error, -EPERM, NULL);
	peer = find_peer(session, name);
	if (!peer) {
		r = add_peer(session, name, &peer);
		if (r < 0)
			return bus_fail(error, r, "too many callers");
	}
	if (peer->pidfd >= 0)
		return call(peer, m, error);
	if (peer->waiting_count == SESSION_BUS_WAITING_MAX)
		return bus_fail(error, -EBUSY, "too many calls at once");
	peer->waiting[peer->waiting_count++] = sd_bus_message_ref(m);
	return 1;
}

/* --- The bus ----------------------------------------------------- */

static void close_bus(struct session_bus *session)
{
	struct caller *caller;

	while ((caller = TAILQ_FIRST(&session->peers.list)))
		peer_free((struct peer *)caller);
	session->loop = bus_loop_free(session->loop);
	session->bus = sd_bus_close_unref(session->bus);
}

static void on_reap(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	close_bus(userdata);
}

static void on_closed(void *userdata, int error)
{
	struct session_bus *session = userdata;

	log_notice("the session bus has gone: %s", strerror(-error));
	close_bus(session);
}

/* The name is ours, or somebody else's: then the bus is left again. */
static int on_name(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const sd_bus_error *failure = sd_bus_message_get_error(m);
	struct session_bus *session = userdata;
	uint32_t result = 0;

	(void)error;
	if (!failure && sd_bus_message_read(m, "u", &result) >= 0 &&
	    result == 1) {
		log_info("on the session bus as " BUS_NAME);
		return 1;
	}
	log_notice("not on the session bus: %s",
		   failure && failure->message
			   ? failure->message
			   : "another process has the name " BUS_NAME);
	event_active(session->reaper, EV_TIMEOUT, 0);
	return 1;
}

static int open_bus(struct session_bus *session, const char *address)
{
	sd_bus *bus;
	int r = sd_bus_new(&bus);

	if (r < 0)
		return r;
	session->bus = bus;
	r = sd_bus_set_address(bus, address);
	if (r >= 0)
		r = sd_bus_set_bus_client(bus, 1);
	if (r >= 0)
		r = sd_bus_negotiate_fds(bus, 0);
	if (r >= 0)
		r = sd_bus_add_object_vtable(bus, NULL, BUS_SUPERVISOR_PATH,
					     BUS_SUPERVISOR, session_vtable,
					     session);
	if (r >= 0)
		r = sd_bus_start(bus);
	if (r >= 0)
		r = sd_bus_request_name_async(bus, NULL, BUS_NAME, 0, on_name,
					      session);
	if (r >= 0)
		r = bus_loop_new(&session->loop,
				 session->supervisor->registry.loop, bus,
				 on_closed, session);
	return r < 0 ? r : 0;
}

int session_bus_new(struct session_bus **ret, struct supervisor *supervisor)
{
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");
	struct session_bus *session;
	int r;

	*ret = NULL;
	if (!address || !address[0])
		return 0;
	session = calloc(1, sizeof(*session));
	if (!session)
		return -ENOMEM;
	session->supervisor = supervisor;
	callers_init(&session->peers);
	session->reaper =
		evtimer_new(supervisor->registry.loop, on_reap, session);
	r = session->reaper ? open_bus(session, address) : -ENOMEM;
	if (r < 0) {
		log_notice("not on the session bus: %s", strerror(-r));
		session_bus_free(session);
		return 0;
	}
	*ret = session;
	return 0;
}

struct session_bus *session_bus_free(struct session_bus *session)
{
	if (!session)
		return NULL;
	close_bus(session);
	if (session->reaper)
		event_free(session->reaper);
	free(session);
	return NULL;
}
