/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clients of the control socket that call every method in any order, with
 * messages of the right form and any values, and say anything when they are
 * called themselves: the daemon goes on, and owes nobody anything.
 *
 * The input is calls: a method, and what fills its arguments.
 */
#include <event2/event.h>
#include <sys/socket.h>

#include "bus/names.h"
#include "control/connection.h"
#include "control/peer_bus.h"
#include "fill.h"
#include "scratch.h"

#define CALLS_MAX 16

static const struct {
	const char *name, *arguments;
} methods[] = {
	{"Ping", ""},
	{"Subscribe", ""},
	{"Unsubscribe", ""},
	{"Decide", "t" BUS_DECISION},
	{"ListDomains", ""},
	{"ListQuestions", ""},
	{"ListRules", "ay"},
	{"AddRules", "aya" BUS_RULE "b"},
	{"Revoke", "ayay"},
	{"Reload", ""},
	{"Record", "ayay"},
	{"ReadRecord", ""},
	{"StopRecord", ""},
	{"Executes", BUS_REQUEST},
	{"Variables", "aay"},
	{"Register", "ayaaysx"},
	{"Ask", BUS_REQUEST},
	{"Withdraw", "t"},
	{"Refused", BUS_REQUEST "ay"},
	{"NoSuch", "s"},
};

static struct event_base *loop;
static struct supervisor *supervisor;
static struct callers callers;

static void start(void)
{
	const struct supervisor_options options = {.no_watch = true,
						   .log_path = "/dev/null"};

	scratch_enter();
	loop = event_base_new();
	FUZZ_CHECK(loop);
	FUZZ_CHECK(supervisor_new(&supervisor, loop, &options) == 0);
	callers_init(&callers);
}

/* What is done on both sides; what comes is answered by an error or nothing. */
static void turn(sd_bus *client)
{
	sd_bus_message *m;

	for (int i = 0; i < 8; i++) {
		event_base_loop(loop, EVLOOP_NONBLOCK);
		m = NULL;
		if (sd_bus_process(client, &m) <= 0)
			break;
		sd_bus_message_unref(m);
	}
}

static sd_bus *connect_client(void)
{
	int pair[2], on = 1;
	sd_bus *client;

	FUZZ_CHECK(socketpair(AF_UNIX,
			      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
			      pair) == 0);
	FUZZ_CHECK(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on,
			      sizeof(on)) == 0);
	FUZZ_CHECK(connection_new(&callers, supervisor, pair[1]) == 0);
	FUZZ_CHECK(peer_bus_new(&client, pair[0]) == 0);
	FUZZ_CHECK(sd_bus_start(client) >= 0);
	for (int i = 0; i < 64 && sd_bus_is_ready(client) == 0; i++) {
		event_base_loop(loop, EVLOOP_NONBLOCK);
		sd_bus_process(client, NULL);
	}
	return client;
}

/* Nothing that would be read from the machine: no policy files. */
static void fill_registration(sd_bus_message *m, struct input *input)
{
	FUZZ_CHECK(sd_bus_message_append(m, "aay", 0) >= 0);
	FUZZ_CHECK(sd_bus_message_append(m, "but", (int)take(input, 1) & 1,
					 (uint32_t)take(input, 1),
					 take(input, 2)) >= 0);
	FUZZ_CHECK(sd_bus_message_open_container(m, 'a', BUS_RULE) >= 0);
	FUZZ_CHECK(sd_bus_message_close_container(m) >= 0);
}

static void call_one(sd_bus *client, struct input *input)
{
	const size_t which =
		take(input, 1) % (sizeof(methods) / sizeof(methods[0]));
	const char *arguments = methods[which].arguments;
	sd_bus_message *m;

	if (strcmp(arguments, "ayaaysx") == 0)
		arguments = "ayaay";
	if (sd_bus_message_new_method_call(client, &m, NULL,
					   BUS_SUPERVISOR_PATH, BUS_SUPERVISOR,
					   methods[which].name) < 0)
		return;
	if (strcmp(arguments, "s") == 0)
		FUZZ_CHECK(sd_bus_message_append(m, "s", "text") >= 0);
	else
		fill(m, arguments, arguments + strlen(arguments), input);
	if (strcmp(methods[which].name, "Register") == 0) {
		FUZZ_CHECK(sd_bus_message_append(m, "sx", "seccomp",
						 (int64_t)take(input, 4)) >= 0);
		fill_registration(m, input);
	}
	sd_bus_send(client, m, NULL);
	sd_bus_message_unref(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	sd_bus *clients[2];

	if (!loop)
		start();
	clients[0] = connect_client();
	clients[1] = connect_client();
	for (int i = 0; i < CALLS_MAX && input.size > 0; i++) {
		sd_bus *client = clients[take(&input, 1) & 1];

		call_one(client, &input);
		turn(client);
	}
	for (int i = 0; i < 2; i++)
		sd_bus_close_unref(clients[i]);
	while (!TAILQ_EMPTY(&callers.list))
		connection_free(
			(struct connection *)TAILQ_FIRST(&callers.list));
	event_base_loop(loop, EVLOOP_NONBLOCK);
	FUZZ_CHECK(callers.count == 0);
	FUZZ_CHECK(TAILQ_EMPTY(&supervisor->registry.domains));
	return 0;
}
