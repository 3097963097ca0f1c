/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlordd: the daemon that decides for the supervised programs of a user.
 */
#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "control/control_listener.h"
#include "control/control_socket.h"
#include "control/server.h"
#include "control/session_bus.h"
#include "daemon/confine.h"
#include "daemon/daemon_options.h"
#include "daemon/journal.h"
#include "daemon/place_watch.h"
#include "daemon/plugins.h"
#include "daemon/service_manager.h"
#include "daemon/state_place.h"
#include "policy/path_chain.h"
#include "policy/policy.h"
#include "supervision/process.h"
#include "supervision/supervisor.h"

struct daemon {
	struct daemon_options options;
	struct event_base *loop;
	struct event *term, *interrupt, *hangup;
	struct supervisor *supervisor;
	struct server *server;
	struct session_bus *session;
	struct service_manager *notify;
	struct control_listener *listener;
	struct state_place state;
	struct place_watch *places;
	bool lost;  /* one of its places; it has been said */
	int result; /* of the thread */
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
	service_manager_reloading();
	supervisor_reload(daemon->supervisor);
	log_info("the policy was read again");
	service_manager_ready();
}

/* The socket of systemd if it handed one over, else our own. */
static int open_listener(struct daemon *daemon)
{
	const bool plugins = daemon->options.plugins_count > 0;
	const int count = sd_listen_fds(1);
	_cleanup_free_ char *path = NULL;
	int error;

	if (count > 1)
		log_warning("systemd handed over %d sockets; the first is "
			    "used",
			    count);
	if (count >= 1) {
		error = control_listener_new(&daemon->listener,
					     SD_LISTEN_FDS_START, plugins);
		if (error == -EKEYREJECTED)
			log_error("the socket that was handed over is not of "
				  "who has started this process");
		return error;
	}
	error = control_listener_new(&daemon->listener, -1, plugins);
	if (error && control_socket_path(&path) == 0)
		log_error("cannot listen on %s: %s", path,
			  error == -EADDRINUSE ? "another landlordd runs"
					       : strerror(-error));
	return error;
}

static int open_state(struct daemon *daemon)
{
	const int result = state_place_open(&daemon->state);

	if (result == -EADDRINUSE)
		log_error("another landlordd keeps its state in %s",
			  daemon->state.path);
	return result;
}

static int add_signal(struct daemon *daemon, struct event **ret, int number,
		      event_callback_fn callback)
{
	*ret = evsignal_new(daemon->loop, number, callback, daemon);
	return *ret && event_add(*ret, NULL) == 0 ? 0 : -ENOMEM;
}

static int open_signals(struct daemon *daemon)
{
	int error;

	/* What cannot be written is an error of the write. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	error = add_signal(daemon, &daemon->term, SIGTERM, on_stop);
	if (!error)
		error = add_signal(daemon, &daemon->interrupt, SIGINT, on_stop);
	if (!error)
		error = add_signal(daemon, &daemon->hangup, SIGHUP, on_reload);
	return error;
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
static int confine_daemon(const struct daemon *daemon)
{
	const char *path = listener_path(daemon->listener);
	_cleanup_free_ char *runtime = path ? strdup(path) : NULL;
	const char *writable[3] = {0};
	int count = 0;

	if (daemon->state.directory >= 0)
		writable[count++] = daemon->state.path;
	if (runtime) {
		*strrchr(runtime, '/') = '\0';
		writable[count++] = runtime;
	}
	return confine_process(writable);
}

/* What the first thread does: all that holds for the process. */
static int daemon_open(struct daemon *daemon)
{
	int result;

	daemon->loop = event_base_new();
	if (!daemon->loop)
		return -ENOMEM;
	result = open_signals(daemon);
	if (result == 0)
		result = open_state(daemon);
	if (result == 0)
		result = open_listener(daemon);
	if (result == 0 && daemon->options.confine)
		result = confine_daemon(daemon);
	return result;
}

static bool runs_programs(const struct daemon_options *options)
{
	bool programs = false;

	for (int i = 0; i < options->plugins_count; i++)
		programs |= options->plugins[i].exec;
	return programs;
}

static void on_moved(void *userdata)
{
	struct daemon *daemon = userdata;

	if (server_listen(daemon->server,
			  control_listener_fd(daemon->listener)) < 0)
		log_error("cannot accept from the new socket: no memory");
}

static void on_lost(void *userdata)
{
	struct daemon *daemon = userdata;

	daemon->lost = true;
	event_base_loopbreak(daemon->loop);
}

static int daemon_start(struct daemon *daemon)
{
	const struct supervisor_options supervisor_options = {
		.timeout_seconds = daemon->options.timeout_seconds,
	};
	int error;

	if (daemon->options.confine)
		confine_calls(runs_programs(&daemon->options));
	error = supervisor_new(&daemon->supervisor, daemon->loop,
			       &supervisor_options);
	if (!error)
		error = path_chain_add_program();
	if (!error)
		error = plugins_open(daemon->supervisor, &daemon->options);
	if (!error)
		error = server_new(&daemon->server, daemon->supervisor,
				   control_listener_fd(daemon->listener));
	if (!error)
		error = place_watch_new(&daemon->places, daemon->loop,
					daemon->listener, &daemon->state,
					on_moved, on_lost, daemon);
	if (!error)
		error = session_bus_new(&daemon->session, daemon->supervisor);
	if (!error)
		journal_follow(daemon->supervisor->registry.audit_log);
	if (!error)
		error = service_manager_start(&daemon->notify, daemon->loop);
	return error;
}

static void daemon_stop(struct daemon *daemon)
{
	service_manager_stop(daemon->notify);
	session_bus_free(daemon->session);
	place_watch_free(daemon->places);
	server_free(daemon->server);
	supervisor_free(daemon->supervisor);
}

static void free_event(struct event *event)
{
	if (event)
		event_free(event);
}

static void daemon_close(struct daemon *daemon)
{
	control_listener_free(daemon->listener);
	state_place_finish(&daemon->state);
	free_event(daemon->term);
	free_event(daemon->interrupt);
	free_event(daemon->hangup);
	if (daemon->loop)
		event_base_free(daemon->loop);
}

/* The thread that does everything else. */
static void *serve(void *userdata)
{
	struct daemon *daemon = userdata;

	daemon->result = daemon_start(daemon);
	if (daemon->result == 0 && !daemon->lost)
		event_base_dispatch(daemon->loop);
	daemon_stop(daemon);
	return NULL;
}

/* Leaves everything, the signals too, to a thread, and waits for its end. */
static int daemon_run(struct daemon *daemon)
{
	pthread_t thread;
	sigset_t all;
	const int result = pthread_create(&thread, NULL, serve, daemon);

	if (result)
		return -result;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	pthread_join(thread, NULL);
	return daemon->result;
}

/* Nobody decides for himself, nor for others when somebody decides for him. */
static int refuse_supervised(void)
{
	if (!process_is_visible()) {
		log_error("/proc is not there, or is of another PID "
			  "namespace: nobody could be known by it");
		return -ENOTSUP;
	}
	if (!process_is_supervised(getpid()))
		return 0;
	log_error("this process is supervised, or in another sandbox that "
		  "filters system calls: nobody would believe a daemon here");
	return -EDEADLK;
}

/* Whoever started it may have blocked those by which it ends. */
static void unblock_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int main(int argc, char *argv[])
{
	struct daemon daemon = {.state = STATE_PLACE_INIT};
	int result = daemon_options_parse(argc, argv, &daemon.options);

	if (result != 0)
		return result < 0 ? 2 : EXIT_SUCCESS;
	log_open("landlordd", daemon.options.verbose ? LOG_DEBUG : LOG_NOTICE);
	umask(077);
	unblock_signals();
	raise_limits();
	result = refuse_supervised();
	if (result == 0)
		result = daemon_open(&daemon);
	if (result == 0)
		result = daemon_run(&daemon);
	if (result < 0)
		log_error("cannot start: %s", strerror(-result));
	daemon_close(&daemon);
	return result < 0 || daemon.lost ? EXIT_FAILURE : EXIT_SUCCESS;
}
