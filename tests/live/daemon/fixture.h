/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A landlordd to test, and fake monitors for it: their engine only keeps the
 * ruleset and notes the answers.
 */
#pragma once

#include <signal.h>
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

static inline bool daemon_answers(void)
{
	sd_bus *bus;

	if (client_open(&bus) < 0)
		return false;
	sd_bus_close_unref(bus);
	return true;
}

/* Starts it, and does not wait. @options: NULL-terminated */
static inline void spawn_daemon(uid_t uid, const char *const *options)
{
	const char *argv[16] = {"landlordd"};

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
}

static inline void start_daemon_with(const char *const *options)
{
	spawn_daemon(geteuid(), options);
	for (int i = 0; i < 1000 && !daemon_answers(); i++)
		usleep(5000);
	ck_assert(daemon_answers());
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
	*monitor = (struct monitor){};
}

static inline uint64_t ask(struct monitor *monitor, const char *path)
{
	struct request request = world_request(++monitor->last_id, path);

	ck_assert_int_eq(monitor->decider->ops->ask(monitor->decider, &request),
			 0);
	request_finish(&request);
	return monitor->last_id;
}
