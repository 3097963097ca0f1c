/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlordd while somebody has too much for it, or takes nothing from it: the
 * others go on.
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "control/client.h"
#include "fixture.h"
#include "raw.h"
#include "unit.h"

/* A monitor asks, and gets its answer. */
static void check_answered(struct monitor *monitor, int number)
{
	char path[32];
	uint64_t id;

	snprintf(path, sizeof(path), "/during%d", number);
	id = ask(monitor, path);
	WORLD_UNTIL(loop, monitor->engine.answers[id]);
	ck_assert_int_eq(monitor->engine.answers[id], 1 + ANSWER_RETRY);
}

/* Asks for much and never reads any of it. */
START_TEST(a_client_that_never_reads_delays_nobody)
{
	sd_bus *bus;
	uint64_t queued = 0;

	open_world();
	ck_assert_int_eq(client_open(&bus), 0);
	for (int i = 0; i < 20000 && queued < 2000; i++) {
		sd_bus_message *call;

		if (client_call_new(bus, "ListDomains", &call) < 0)
			break;
		sd_bus_call_async(bus, NULL, call, NULL, NULL, 0);
		sd_bus_message_unref(call);
		sd_bus_get_n_queued_write(bus, &queued);
	}
	for (int i = 0; i < 5; i++)
		check_alive();
	sd_bus_unref(bus);
	close_world();
}
END_TEST

/* A monitor that hangs holds up its own tree only. */
START_TEST(a_stuck_monitor_delays_nobody)
{
	static struct monitor stuck;
	struct event_base *own = event_base_new(), *shared;

	open_world();
	shared = loop;
	loop = own;
	ck_assert_int_eq(open_monitor(&stuck, "alive", 60, false), 0);
	loop = shared;
	/* It is asked to commit, and its loop never runs. */
	for (int i = 0; i < 3; i++)
		check_alive();
	close_monitor(&stuck);
	event_base_free(own);
	close_world();
}
END_TEST

/* How much memory the daemon has, in kB. */
static long daemon_memory(void)
{
	char path[64], line[256];
	long kilobytes = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", daemon_pid);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, "VmRSS:", 6) == 0)
			kilobytes = atol(line + 6);
	fclose(file);
	return kilobytes;
}

#define RATELIMIT_BYTES (64 * 1024 * 1024)

/* Calls and calls, and reads no answer: it is the one who has to wait. */
START_TEST(answers_that_nobody_reads_take_no_memory)
{
	struct pollfd pollfd = {.events = POLLOUT};
	unsigned char call[512];
	size_t length, sent = 0, at = 0;
	long before;

	open_world();
	check_alive();
	before = daemon_memory();
	length = raw_call(call, "Ping");
	pollfd.fd = raw_open();
	raw_greet(pollfd.fd);
	/* A second in which nothing is taken is for ever. */
	while (sent < RATELIMIT_BYTES && poll(&pollfd, 1, 1000) == 1) {
		const ssize_t n = send(pollfd.fd, call + at, length - at,
				       MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN)
			break;
		if (n < 0)
			continue;
		sent += (size_t)n;
		at = (at + (size_t)n) % length;
	}
	ck_assert_uint_lt(sent, RATELIMIT_BYTES);
	check_alive();
	/* Sanitizers keep what was freed. */
#ifndef __SANITIZE_ADDRESS__
	ck_assert_int_lt(daemon_memory() - before, 16 * 1024);
#else
	(void)before;
#endif
	close(pollfd.fd);
	check_alive();
	close_world();
}
END_TEST

#define CALLS_AT_ONCE 400

/* Sends messages that want no answer, faster than anybody can read them. */
static _Noreturn void flood(void)
{
	static unsigned char calls[CALLS_AT_ONCE * 512];
	const int fd = raw_open();
	size_t length = 0;

	for (int i = 0; i < CALLS_AT_ONCE; i++) {
		const size_t one = raw_call(calls + length, "Ping");

		calls[length + 2] = 1; /* NO_REPLY_EXPECTED */
		length += one;
	}
	raw_greet(fd);
	while (raw_write(fd, calls, length))
		;
	_exit(1);
}

START_TEST(a_flood_of_messages_delays_nobody)
{
	static struct monitor monitor;
	pid_t pid;

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, true), 0);
	monitor.own.answer = "allow:session";
	pid = fork();
	if (pid == 0)
		flood();
	for (int i = 0; i < 100; i++)
		check_answered(&monitor, i);
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	check_alive();
	close_monitor(&monitor);
	close_world();
}
END_TEST

#define FEW_DESCRIPTORS 64

/* The daemon says that there is none until it knows who has gone. */
static void wait_for_room(void)
{
	static struct monitor monitor;
	int error;

	do {
		error = open_monitor(&monitor, "late", 30, true);
	} while (error == -EUSERS);
	ck_assert_int_eq(error, 0);
	close_monitor(&monitor);
}

/* As many clients as there are descriptors; who is there already goes on. */
START_TEST(descriptors_run_out)
{
	static struct monitor monitor;
	const struct rlimit few = {FEW_DESCRIPTORS, FEW_DESCRIPTORS};
	int fds[2 * FEW_DESCRIPTORS];

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, true), 0);
	ck_assert_int_eq(prlimit(daemon_pid, RLIMIT_NOFILE, &few, NULL), 0);
	for (int i = 0; i < 2 * FEW_DESCRIPTORS; i++)
		fds[i] = raw_open();
	monitor.own.answer = "allow:session";
	for (int i = 0; i < 10; i++)
		check_answered(&monitor, i);
	for (int i = 0; i < 2 * FEW_DESCRIPTORS; i++)
		close(fds[i]);
	wait_for_room();
	check_alive();
	close_monitor(&monitor);
	close_world();
}
END_TEST

#define HANGUPS 500

/* Policy that is read again and again, and still who asks is answered. */
START_TEST(a_storm_of_signals_delays_nobody)
{
	static struct monitor monitor;

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, true), 0);
	monitor.own.answer = "allow:session";
	for (int i = 0; i < HANGUPS; i++) {
		kill(daemon_pid, SIGHUP);
		if (i % 50 == 0)
			check_answered(&monitor, i);
	}
	check_alive();
	ck_assert(engine_allows(&monitor.engine, "/during0"));
	close_monitor(&monitor);
	close_world();
}
END_TEST

UNIT_MAIN("floods", a_client_that_never_reads_delays_nobody,
	  a_stuck_monitor_delays_nobody,
	  answers_that_nobody_reads_take_no_memory,
	  a_flood_of_messages_delays_nobody, descriptors_run_out,
	  a_storm_of_signals_delays_nobody);
