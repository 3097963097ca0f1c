/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlordd: the daemon that decides for the supervised programs of a user.
 */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "control/server.h"
#include "control/session_bus.h"
#include "control/socket.h"
#include "daemon/confine.h"
#include "daemon/journal.h"
#include "daemon/notify.h"
#include "daemon/options.h"
#include "daemon/plugins.h"
#include "policy/policy.h"
#include "store/directory.h"
#include "supervision/record.h"
#include "supervision/supervisor.h"

struct daemon {
	struct event_base *loop;
	struct event *term, *interrupt, *hangup;
	struct supervisor *supervisor;
	struct server *server;
	struct session_bus *session;
	struct notify *notify;
	char *path; /* of the socket, when it is ours; else NULL */
	int listener, lock;
};

static void on_stop(evutil_socket_t signal_number, short events, void *userdata)
{
	struct daemon *daemon = userdata;

	(void)events;
	log_info("stopping on signal %d", signal_number);
	event_base_loopbreak(daemon->loop);
}

static void on_reload(evutil_socket_t signal_number, short events,
		      void *userdata)
{
	struct daemon *daemon = userdata;

	(void)signal_number;
	(void)events;
	notify_reloading();
	supervisor_reload(daemon->supervisor);
	log_info("the policy was read again");
	notify_ready();
}

/* The socket of systemd if it handed one over, else our own. */
static int open_listener(struct daemon *daemon)
{
	const int count = sd_listen_fds(1);
	int r;

	if (count > 1)
		log_warning("systemd handed over %d sockets; the first is "
			    "used",
			    count);
	if (count >= 1) {
		daemon->listener = SD_LISTEN_FDS_START;
		return control_socket_adopt(daemon->listener);
	}
	r = control_socket_path(&daemon->path);
	if (r < 0)
		return r;
	r = control_socket_listen(daemon->path, &daemon->lock);
	if (r < 0) {
		log_error("cannot listen on %s: %s", daemon->path,
			  r == -EADDRINUSE ? "another landlordd runs"
					   : strerror(-r));
		free(daemon->path);
		daemon->path = NULL;
		return r;
	}
	daemon->listener = r;
	return 0;
}

static int add_signal(struct daemon *daemon, struct event **ret, int number,
		      event_callback_fn callback)
{
	*ret = evsignal_new(daemon->loop, number, callback, daemon);
	return *ret && event_add(*ret, NULL) == 0 ? 0 : -ENOMEM;
}

static int open_signals(struct daemon *daemon)
{
	int r;

	/* What cannot be written is an error of the write. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	r = add_signal(daemon, &daemon->term, SIGTERM, on_stop);
	if (r == 0)
		r = add_signal(daemon, &daemon->interrupt, SIGINT, on_stop);
	if (r == 0)
		r = add_signal(daemon, &daemon->hangup, SIGHUP, on_reload);
	return r;
}

/* A connection takes four descriptors, and there may be thousands. */
static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Only its own directories stay writable: state, and the socket's. */
static int confine_daemon(const struct daemon *daemon,
			  const struct options *options)
{
	_cleanup_free_ char *log = record_path(), *runtime = NULL;
	const char *writable[3] = {};
	bool programs = false;
	int count = 0;

	for (int i = 0; i < options->plugins_count; i++)
		programs |= options->plugins[i].exec;
	if (log && directory_make_parents(log) == 0) {
		*strrchr(log, '/') = '\0';
		writable[count++] = log;
	}
	runtime = daemon->path ? strdup(daemon->path) : NULL;
	if (runtime) {
		*strrchr(runtime, '/') = '\0';
		writable[count++] = runtime;
	}
	return confine(writable, programs);
}

static int daemon_open(struct daemon *daemon, const struct options *options)
{
	const struct supervisor_options supervisor_options = {
		.timeout_seconds = options->timeout_seconds,
	};
	int r;

	daemon->loop = event_base_new();
	if (!daemon->loop)
		return -ENOMEM;
	r = open_signals(daemon);
	if (r == 0)
		r = open_listener(daemon);
	if (r == 0 && options->confine)
		r = confine_daemon(daemon, options);
	if (r == 0)
		r = supervisor_new(&daemon->supervisor, daemon->loop,
				   &supervisor_options);
	if (r == 0)
		r = plugins_open(daemon->supervisor, options);
	if (r == 0)
		r = server_new(&daemon->server, daemon->supervisor,
			       daemon->listener);
	if (r == 0)
		r = session_bus_new(&daemon->session, daemon->supervisor);
	if (r == 0)
		journal_follow(daemon->supervisor->registry.record);
	if (r == 0)
		r = notify_start(&daemon->notify, daemon->loop);
	return r;
}

static void free_event(struct event *event)
{
	if (event)
		event_free(event);
}

static void daemon_close(struct daemon *daemon)
{
	notify_stop(daemon->notify);
	session_bus_free(daemon->session);
	server_free(daemon->server);
	supervisor_free(daemon->supervisor);
	/* The lock is still held, so the socket is still ours. */
	if (daemon->path)
		unlink(daemon->path);
	free(daemon->path);
	fd_close(daemon->listener);
	fd_close(daemon->lock);
	free_event(daemon->term);
	free_event(daemon->interrupt);
	free_event(daemon->hangup);
	if (daemon->loop)
		event_base_free(daemon->loop);
}

int main(int argc, char *argv[])
{
	struct daemon daemon = {.listener = -1, .lock = -1};
	struct options options;
	int r = options_parse(argc, argv, &options);

	if (r != 0)
		return r < 0 ? 2 : EXIT_SUCCESS;
	log_open("landlordd", options.verbose ? LOG_DEBUG : LOG_NOTICE);
	umask(077);
	raise_limits();
	r = daemon_open(&daemon, &options);
	if (r == 0)
		event_base_dispatch(daemon.loop);
	else
		log_error("cannot start: %s", strerror(-r));
	daemon_close(&daemon);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
