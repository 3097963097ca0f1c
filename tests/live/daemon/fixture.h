/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A landlordd to test, and fake monitors for it: their engine only keeps the
 * ruleset and notes the answers.
 */
#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "control/bus_decider.h"
#include "control/client.h"
#include "world.h"

static struct event_base *loop;
static pid_t daemon_pid;
static const char *landlordd = LANDLORDD; /* what is executed */

/* A monitor: its decider, engine, and own agent if it has one. */
struct monitor {
	struct decider *decider;
	struct engine engine;
	struct puppet own;
	uint64_t last_id;
};

/* The socket on which a daemon says that it is ready, as systemd's. */
static inline int ready_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify",
		 getenv("HOME"));
	unlink(address.sun_path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	ck_assert_int_eq(chmod(address.sun_path, 0777), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	return fd;
}

/* Waits until it is said. */
static inline void await_ready(int fd)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	char text[256] = "";

	while (!strstr(text, "READY=1")) {
		ck_assert_int_eq(poll(&pollfd, 1, WORLD_SECONDS * 1000), 1);
		ck_assert_int_gt(recv(fd, text, sizeof(text) - 1, 0), 0);
	}
	close(fd);
	unsetenv("NOTIFY_SOCKET");
}

/* Returns when it is ready. @options: NULL-terminated */
static inline void start_daemon_as(uid_t uid, const char *const *options)
{
	const char *argv[16] = {"landlordd"};
	const int ready = ready_socket();

	for (int i = 0; options[i]; i++)
		argv[i + 1] = options[i];
	daemon_pid = fork();
	ck_assert_int_ge(daemon_pid, 0);
	if (daemon_pid == 0) {
		if (uid != geteuid() && (setgid(uid) < 0 || setuid(uid) < 0))
			_exit(127);
		execv(landlordd, (char *const *)argv);
		_exit(127);
	}
	await_ready(ready);
}

static inline void start_daemon_with(const char *const *options)
{
	start_daemon_as(geteuid(), options);
}

/* Sanitizers look at the process that exits with ptrace(2). */
static const char *const unconfined[] = {"--no-confine", NULL};

static inline void start_daemon(void)
{
	start_daemon_with(unconfined);
}

/* Returns: its wait status. */
static inline int stop_daemon(int signal_number)
{
	int status;

	ck_assert_int_eq(kill(daemon_pid, signal_number), 0);
	ck_assert_int_eq(waitpid(daemon_pid, &status, 0), daemon_pid);
	return status;
}

/* A home and a loop, and no daemon yet. */
static inline void open_home(void)
{
	world_home();
	signal(SIGPIPE, SIG_IGN);
	loop = event_base_new();
}

static inline void open_world(void)
{
	open_home();
	start_daemon();
}

static inline void close_world(void)
{
	event_base_free(loop);
	ck_assert_int_eq(stop_daemon(SIGTERM), 0);
	world_leave();
}

/* Whether our own client speaks to it. */
static inline bool daemon_answers(void)
{
	sd_bus *bus;

	if (client_open(&bus) < 0)
		return false;
	sd_bus_close_unref(bus);
	return true;
}

/* @policy: a file of its own, or NULL */
static inline int open_monitor_of(struct monitor *monitor, const char *app,
				  const char *policy, int timeout, bool own)
{
	static const char *const command[] = {"program", NULL};
	const char *const policies[] = {policy, NULL};
	const struct domain_info info = {.app = app,
					 .command = command,
					 .engine = "seccomp",
					 .command_path = "/bin/program",
					 .monitor_pid = getpid(),
					 .policy_files = policies};
	const struct bus_decider_options options = {
		.clock = &clock_real,
		.agent = own ? &monitor->own.agent : NULL,
		.timeout_seconds = timeout,
	};

	monitor->own.agent.ops = &puppet_ops;
	return bus_decider_new(&monitor->decider, loop, &info, &options,
			       &engine_events, &monitor->engine, NULL);
}

static inline int open_monitor(struct monitor *monitor, const char *app,
			       int timeout, bool own)
{
	return open_monitor_of(monitor, app, NULL, timeout, own);
}

static inline void close_monitor(struct monitor *monitor)
{
	monitor->decider->ops->free(monitor->decider);
	ruleset_unref(monitor->engine.ruleset);
	*monitor = (struct monitor){0};
}

static inline uint64_t ask(struct monitor *monitor, const char *path)
{
	struct request request = world_request(++monitor->last_id, path);

	ck_assert_int_eq(monitor->decider->ops->ask(monitor->decider, &request),
			 0);
	request_finish(&request);
	return monitor->last_id;
}

/* A monitor whose agent allows at once: the daemon works for others. */
static inline void check_alive(void)
{
	static struct monitor monitor;
	uint64_t id;

	ck_assert_int_eq(open_monitor(&monitor, "alive", 30, true), 0);
	monitor.own.answer = "allow";
	id = ask(&monitor, "/alive");
	WORLD_UNTIL(loop, monitor.engine.answers[id]);
	ck_assert_int_eq(monitor.engine.answers[id], 1 + ANSWER_ALLOW_ONCE);
	close_monitor(&monitor);
}
