/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The monitor: see monitor.h. */
#include "run/monitor.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/terminal.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/signal_fd.h"
#include "control/bus_decider.h"
#include "control/control_socket.h"
#include "engines.h"
#include "policy/path_chain.h"
#include "run/front.h"
#include "run/guardian.h"
#include "run/inherited.h"
#include "run/interrupt.h"
#include "run/program.h"
#include "run/recording.h"
#include "run/run_agent.h"
#include "run/run_registration.h"
#include "run/session.h"
#include "run/signals.h"
#include "task/tree.h"

/* What is left of the patience when a person is told what we wait for. */
#define WAITED_MS (BUS_DECIDER_START_MS - 2000)

struct monitor {
	struct run_options *options;
	struct event_base *loop;
	struct event *front_event, *child_event, *session_event, *failure_event;
	struct event *guardian_event;
	int children; /* signal_fd_open() of SIGCHLD */
	int channel;  /* to the front; -1: it has gone as it should */
	int guardian; /* see guardian_fork() */

	struct engine_host host;
	struct engine *engine;
	struct decider *decider;
	struct recording *recording; /* NULL: none */
	struct run_agent agent;
	struct program_started program;
	char *path; /* of the program */
	char *control_socket;

	bool front_stopped; /* by us, with the program */
	bool front_woken;   /* by us, and it has not said so yet */
	bool ended;	    /* the program itself; others of its tree may run */
	bool alone;	    /* nobody is left to be supervised */
	bool others;	    /* run, as end_alone() has found */
	int status;
	int killed_by; /* the signal that it is of, or 0 */
};

static void tell_end(struct monitor *monitor)
{
	const struct front_message message = {
		.type = FRONT_ENDED,
		.value = monitor->status,
		.signal = monitor->killed_by,
	};

	if (monitor->channel >= 0)
		(void)send(monitor->channel, &message, sizeof(message),
			   MSG_NOSIGNAL);
}

/*
 * It is stopped and continued from here, and not asked to stop itself: that
 * could come after it has been continued.
 */
static void signal_front(const struct monitor *monitor, int signal_number)
{
	struct ucred front; /* who made the channel */
	socklen_t size = sizeof(front);

	if (monitor->channel >= 0 &&
	    !getsockopt(monitor->channel, SOL_SOCKET, SO_PEERCRED, &front,
			&size) &&
	    front.pid > 0)
		kill(front.pid, signal_number);
}

static void note_supervised(pid_t pid, void *userdata)
{
	struct monitor *monitor = userdata;

	/* The leader of the program's session is not. */
	if (monitor->program.session < 0 || pid != monitor->program.child)
		monitor->others = true;
}

static bool has_others(struct monitor *monitor)
{
	monitor->others = false;
	tree_each(getpid(), note_supervised, monitor);
	return monitor->others;
}

/*
 * Ends when nobody is left to be supervised. Where the engine is not told so by
 * the kernel we look ourselves.
 */
static void end_alone(struct monitor *monitor)
{
	if (!monitor->ended)
		return;
	if (!monitor->engine->ops->sees_end && !monitor->alone)
		monitor->alone = !has_others(monitor);
	if (monitor->alone)
		event_base_loopbreak(monitor->loop);
}

/* As the program was, so that the shell sees it. */
static void program_stopped(struct monitor *monitor)
{
	if (monitor->agent.terminal)
		terminal_suspend(monitor->agent.terminal);
	monitor->front_stopped = true;
	signal_front(monitor, SIGSTOP);
}

/* Also by somebody else than the shell. */
static void program_continued(struct monitor *monitor)
{
	if (!monitor->front_stopped)
		return;
	monitor->front_stopped = false;
	monitor->front_woken = true;
	signal_front(monitor, SIGCONT);
}

static void let_front_go(struct monitor *monitor)
{
	tell_end(monitor);
	monitor->channel = fd_close(monitor->channel);
}

static void program_ended(struct monitor *monitor, int status)
{
	if (monitor->ended)
		return;
	monitor->ended = true;
	/* It may have ended before it was seen to continue. */
	program_continued(monitor);
	monitor->killed_by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	monitor->status = monitor->killed_by ? 128 + monitor->killed_by
					     : WEXITSTATUS(status);
	recording_ended(monitor->recording, monitor->status);
	/* Prints the rest of what it wrote, gives the real terminal back. Its
	 * own stays, with its session's leader, for whom it left behind. */
	if (monitor->agent.terminal)
		terminal_detach(monitor->agent.terminal);
	/* First the event: the guardian has the same open. */
	if (monitor->front_event)
		event_free(monitor->front_event);
	monitor->front_event = NULL;
	/* Whoever comes next finds all of a file; others of the tree may go on
	 * for days. Who reads lines as they come may do so after the end. */
	if (!monitor->options->record || has_others(monitor))
		let_front_go(monitor);
	inherited_let_go(2, 2);
	end_alone(monitor);
}

static void program_state(struct monitor *monitor, int status)
{
	if (WIFEXITED(status) || WIFSIGNALED(status))
		program_ended(monitor, status);
	else if (WIFSTOPPED(status))
		program_stopped(monitor);
	else if (WIFCONTINUED(status))
		program_continued(monitor);
}

static void on_child(evutil_socket_t fd, short what, void *userdata)
{
	struct monitor *monitor = userdata;
	bool (*child)(struct engine * engine, pid_t pid, int status) =
		monitor->engine->ops->child;
	int status;
	pid_t pid;

	(void)what;
	signal_fd_read(fd);
	while ((pid = waitpid(-1, &status,
			      WNOHANG | WUNTRACED | WCONTINUED | __WALL |
				      __WNOTHREAD)) > 0) {
		if (!WIFCONTINUED(status) && child &&
		    child(monitor->engine, pid, status))
			continue;
		if (pid == monitor->program.pid)
			program_state(monitor, status);
	}
	monitor->alone |= pid < 0 && errno == ECHILD;
	end_alone(monitor);
}

/* The program's states when it has a session (and a leader) of its own. */
static void on_session(evutil_socket_t fd, short what, void *userdata)
{
	struct monitor *monitor = userdata;
	struct session_report report;

	(void)what;
	if (read(fd, &report, sizeof(report)) == (ssize_t)sizeof(report)) {
		program_state(monitor, report.status);
		end_alone(monitor);
		return;
	}
	event_del(monitor->session_event);
	/* The leader is gone without a word: so is the program. */
	program_ended(monitor, SIGKILL);
}

/* The first execve: end of file when it worked, else its errno. */
static void on_failure(evutil_socket_t fd, short what, void *userdata)
{
	struct monitor *monitor = userdata;
	int error;

	(void)what;
	if (read(fd, &error, sizeof(error)) == (ssize_t)sizeof(error)) {
		log_error("%s: %s", monitor->path, strerror(error));
		program_ended(monitor,
			      W_EXITCODE(error == ENOENT ? 127 : 126, 0));
	}
	event_del(monitor->failure_event);
}

/* The front or the guardian was killed; who did so wanted an end. */
static void end_all(struct monitor *monitor)
{
	tree_kill();
	monitor->channel = fd_close(monitor->channel);
	monitor->ended = true;
	event_base_loopbreak(monitor->loop);
}

/* By the shell, or by us because the program goes on already. */
static void front_continued(struct monitor *monitor)
{
	const bool woken = monitor->front_woken;

	monitor->front_woken = monitor->front_stopped = false;
	if (!monitor->agent.terminal)
		return;
	terminal_resume(monitor->agent.terminal);
	if (!woken)
		program_signal_group(&monitor->program, SIGCONT);
}

static void on_front(evutil_socket_t fd, short what, void *userdata)
{
	struct monitor *monitor = userdata;
	struct front_message message;

	(void)what;
	if (recv(fd, &message, sizeof(message), 0) !=
	    (ssize_t)sizeof(message)) {
		end_all(monitor);
		return;
	}
	switch (message.type) {
	case FRONT_SIGNAL:
		/* One to the whole job has reached the program too, unless
		 * its session is another. */
		if (!signals_take(message.value) || monitor->agent.terminal)
			program_signal(&monitor->program, message.value);
		break;
	case FRONT_CONTINUED:
		front_continued(monitor);
		break;
	}
}

/* Nothing is enforced any more. */
static void on_lost(void *userdata)
{
	end_all(userdata);
}

static void on_guardian(evutil_socket_t fd, short what, void *userdata)
{
	(void)fd;
	(void)what;
	end_all(userdata);
}

static void on_tree_ended(void *userdata)
{
	struct monitor *monitor = userdata;

	/* The last process may still be a zombie whose state we want. */
	monitor->alone = true;
	end_alone(monitor);
}

static int add_event(struct monitor *monitor, struct event **ret, int fd,
		     short what, event_callback_fn callback)
{
	*ret = event_new(monitor->loop, fd, what | EV_PERSIST, callback,
			 monitor);
	return *ret && !event_add(*ret, NULL) ? 0 : -ENOMEM;
}

static int start_program(struct monitor *monitor)
{
	const struct engine_ops *ops = monitor->engine->ops;
	struct program program = {
		.engine = monitor->engine,
		.app = run_options_app(monitor->options),
		.path = monitor->path,
		.argv = monitor->options->command,
		.signals = &monitor->options->signals,
		.limits = &monitor->options->limits,
		.missing = monitor->options->missing,
		.tty_fd = monitor->agent.terminal
				  ? terminal_slave(monitor->agent.terminal)
				  : -1,
		.real_tty = monitor->agent.terminal
				    ? terminal_device(monitor->agent.terminal)
				    : 0,
	};
	const int error = program_start(&monitor->program, &program);
	const char *why = error && ops->explain ? ops->explain(error) : NULL;

	if (why)
		log_error("%s", why);
	else if (error)
		log_error("cannot start %s: %s", monitor->path,
			  strerror(-error));
	return error;
}

static int watch_program(struct monitor *monitor)
{
	const int fd = fd_take(&monitor->program.engine_fd);
	int error = fd >= 0 ? guardian_keep(monitor->guardian, fd) : 0;

	if (!error)
		error = monitor->engine->ops->start(monitor->engine,
						    monitor->decider, fd);
	else
		fd_close(fd);
	if (!error && monitor->program.session >= 0)
		error = add_event(monitor, &monitor->session_event,
				  monitor->program.session, EV_READ,
				  on_session);
	if (!error)
		error = add_event(monitor, &monitor->failure_event,
				  monitor->program.failure, EV_READ,
				  on_failure);
	if (!error && monitor->agent.terminal) {
		terminal_close_slave(monitor->agent.terminal);
		error = terminal_resume(monitor->agent.terminal);
	}
	return error;
}

/* Who was asked wants no more of it. */
static void on_stop(void *userdata)
{
	struct monitor *monitor = userdata;

	tree_kill();
	monitor->alone = true;
	program_ended(monitor, SIGKILL);
	end_alone(monitor);
}

/* Nothing of the program is there yet: whoever sends a signal means us. */
static int register_domain(struct monitor *monitor)
{
	struct patience patience =
		patience_of(monitor->host.clock, BUS_DECIDER_START_MS);
	const struct run_registration registration = {
		.loop = monitor->loop,
		.clock = monitor->host.clock,
		.options = monitor->options,
		.agent = &monitor->agent,
		.engine = monitor->engine,
		.recorder = recording_recorder(monitor->recording),
		.path = monitor->path,
		.patience = &patience,
		.stop = on_stop,
		.userdata = monitor,
	};
	struct interrupt interrupt;
	int error = interrupt_init(&interrupt, &monitor->options->signals,
				   monitor->channel);

	if (error) {
		log_error("cannot start: %s", strerror(-error));
	} else {
		interrupt_stops(&interrupt, &patience);
		patience.tell = "waiting for the daemon";
		patience.tell_ms = patience.until_ms - WAITED_MS;
		error = run_registration_new(&monitor->decider, &registration);
	}
	if (error == -ECANCELED) {
		monitor->status = interrupt.status;
		monitor->killed_by = interrupt.number;
	}
	interrupt_finish(&interrupt);
	return error;
}

/* What is run to supervise the next program is not written by this one. */
static int protect_programs(const struct monitor *monitor)
{
	const char *library = engine_library(monitor->engine);
	const int error = path_chain_add_program();

	return error || !library ? error : path_chain_add_own(library);
}

static int open_engine(struct monitor *monitor)
{
	const int error = control_socket_path(&monitor->control_socket);

	if (error)
		return error;
	monitor->host = (struct engine_host){
		.clock = &clock_real,
		.loop = monitor->loop,
		.control_socket = monitor->control_socket,
		.ended = on_tree_ended,
		.lost = on_lost,
		.userdata = monitor,
	};
	return engine_open(&monitor->engine, monitor->options->engine,
			   &monitor->host);
}

static int prepare(struct monitor *monitor)
{
	const struct inherited *inherited = &monitor->options->inherited;
	const struct launch launch = {
		.fds = inherited->fds,
		.fds_count = inherited->count,
		.more_fds = inherited->count == INHERITED_MAX,
		.every = monitor->options->record_all,
	};
	int error = program_find(&monitor->path, monitor->options->command[0]);

	if (error) {
		log_error("%s: %s", monitor->options->command[0],
			  strerror(-error));
		monitor->status = error == -ENOENT ? 127 : 126;
		return error;
	}
	error = run_agent_init(&monitor->agent, monitor->loop,
			       monitor->options);
	if (error)
		return error;
	error = open_engine(monitor);
	if (!error)
		error = protect_programs(monitor);
	if (error)
		log_error("cannot start: %s", strerror(-error));
	if (!error)
		error = recording_new(&monitor->recording, monitor->loop,
				      monitor->options,
				      monitor->engine->ops->name);
	if (!error)
		error = register_domain(monitor);
	if (error)
		return error;
	return monitor->engine->ops->prepare(monitor->engine, &launch);
}

static int supervise(struct monitor *monitor)
{
	int error;

	monitor->children = signal_fd_open(SIGCHLD);
	error = monitor->children < 0
			? monitor->children
			: add_event(monitor, &monitor->child_event,
				    monitor->children, EV_READ, on_child);
	if (!error)
		error = add_event(monitor, &monitor->front_event,
				  monitor->channel, EV_READ, on_front);
	if (!error)
		error = add_event(monitor, &monitor->guardian_event,
				  monitor->guardian, EV_READ, on_guardian);
	if (error)
		log_error("cannot start: %s", strerror(-error));
	else
		error = start_program(monitor);
	if (error)
		return error;
	error = watch_program(monitor);
	if (error) {
		log_error("cannot supervise %s: %s", monitor->path,
			  strerror(-error));
		return error;
	}
	/* The program has its own copies of what the shell gave us. */
	inherited_close(&monitor->options->inherited);
	inherited_let_go(0, 1);
	recording_started(monitor->recording, monitor->program.pid,
			  monitor->path,
			  (const char *const *)monitor->options->command);
	program_go(&monitor->program);
	event_base_dispatch(monitor->loop);
	return 0;
}

static void release(struct monitor *monitor)
{
	struct event *events[] = {monitor->front_event, monitor->child_event,
				  monitor->session_event,
				  monitor->failure_event,
				  monitor->guardian_event};

	engine_free(monitor->engine);
	recording_settle(monitor->recording);
	if (monitor->decider)
		monitor->decider->ops->free(monitor->decider);
	else
		recorder_free(recording_recorder(monitor->recording));
	recording_free(monitor->recording);
	if (monitor->ended && monitor->channel >= 0)
		let_front_go(monitor);
	run_agent_finish(&monitor->agent);
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		if (events[i])
			event_free(events[i]);
	event_base_free(monitor->loop);
	fd_close(monitor->program.engine_fd);
	fd_close(monitor->program.pidfd);
	fd_close(monitor->program.failure);
	fd_close(monitor->program.session);
	fd_close(monitor->program.go);
	fd_close(monitor->channel);
	fd_close(monitor->guardian);
	fd_close(monitor->children);
	free(monitor->path);
	free(monitor->control_socket);
}

int monitor_run(struct run_options *options, int channel)
{
	struct monitor monitor = {
		.options = options,
		.channel = channel,
		.guardian = -1,
		.children = -1,
		.status = FRONT_FAILURE,
		.program = {.pidfd = -1,
			    .engine_fd = -1,
			    .go = -1,
			    .failure = -1,
			    .session = -1},
	};
	int error;

	limits_raise(&options->limits);
	error = guardian_fork(&options->inherited, &monitor.guardian);
	if (error) {
		log_error("cannot start: %s", strerror(-error));
		tell_end(&monitor);
		return FRONT_FAILURE;
	}
	/* Orphans of the tree stay below us, where they can be watched. */
	monitor.loop =
		prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ? NULL : engines_loop();
	if (!monitor.loop) {
		log_error("cannot start: %s", strerror(errno));
		tell_end(&monitor);
		return FRONT_FAILURE;
	}
	error = prepare(&monitor);
	if (!error)
		error = supervise(&monitor);
	if (error) {
		if (monitor.agent.terminal)
			terminal_suspend(monitor.agent.terminal);
		tell_end(&monitor);
	}
	release(&monitor);
	return 0;
}
