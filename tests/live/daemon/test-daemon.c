/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlordd with several monitors and agents, while it is killed, and while
 * others misbehave. The monitors are fake: their engine only keeps the ruleset
 * and notes the answers.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/sendfile.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "control/agent_relay.h"
#include "control/bus_loop.h"
#include "control/client.h"
#include "control/socket.h"
#include "control/wire.h"
#include "base/cleanup.h"
#include "fixture.h"
#include "store/directory.h"
#include "unit.h"

/* An agent that has subscribed. */
struct subscriber {
	struct puppet puppet;
	struct agent_relay *relay;
	sd_bus *bus;
	struct bus_loop *loop;
};

static void open_subscriber(struct subscriber *subscriber)
{
	sd_bus_message *call;

	subscriber->puppet.agent.ops = &puppet_ops;
	ck_assert_int_eq(client_open(&subscriber->bus), 0);
	ck_assert_int_eq(agent_relay_new(&subscriber->relay,
					 &subscriber->puppet.agent, NULL, NULL),
			 0);
	ck_assert_int_eq(
		agent_relay_attach(subscriber->relay, subscriber->bus, NULL),
		0);
	ck_assert_int_eq(client_call_new(subscriber->bus, "Subscribe", &call),
			 0);
	ck_assert_int_eq(client_call(subscriber->bus, call, NULL, NULL), 0);
	sd_bus_message_unref(call);
	ck_assert_int_eq(bus_loop_new(&subscriber->loop, loop, subscriber->bus,
				      NULL, NULL),
			 0);
}

static void close_subscriber(struct subscriber *subscriber)
{
	bus_loop_free(subscriber->loop);
	agent_relay_free(subscriber->relay);
	sd_bus_close_unref(subscriber->bus);
}

/* A monitor whose agent allows at once: the daemon works for others. */
static void check_alive(void)
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

START_TEST(one_question_delays_no_other)
{
	static struct monitor first, second;
	static struct subscriber agent;
	uint64_t one, two;

	open_world();
	ck_assert_int_eq(open_monitor(&first, "first", 60, false), 0);
	ck_assert_int_eq(open_monitor(&second, "second", 60, true), 0);
	/* The first commit is there, and with it the program's own rule. */
	ck_assert_uint_ge(first.engine.commits, 1);
	ck_assert(engine_allows(&first.engine, "/bin/program"));
	open_subscriber(&agent);
	one = ask(&first, "/one");
	WORLD_UNTIL(loop, agent.puppet.asked == 1);
	for (int i = 0; i < 20; i++) {
		two = ask(&second, "/two");
		WORLD_UNTIL(loop, second.own.open_count == 1);
		puppet_decide(&second.own, second.own.open[0], "allow");
		WORLD_UNTIL(loop, second.engine.answers[two]);
	}
	ck_assert_int_eq(first.engine.answers[one], 0);
	puppet_decide(&agent.puppet, agent.puppet.open[0], "allow:session");
	WORLD_UNTIL(loop, first.engine.answers[one]);
	ck_assert_int_eq(first.engine.answers[one], 1 + ANSWER_RETRY);
	ck_assert(engine_allows(&first.engine, "/one"));
	/* The own agent of one is never asked for another. */
	ck_assert_uint_eq(agent.puppet.asked, 1);
	close_subscriber(&agent);
	close_monitor(&first);
	close_monitor(&second);
	close_world();
}
END_TEST

START_TEST(fifty_ask_once)
{
	static struct monitor monitor;

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, true), 0);
	for (int i = 0; i < 50; i++)
		ask(&monitor, "/same");
	WORLD_UNTIL(loop, monitor.own.asked);
	puppet_decide(&monitor.own, monitor.own.open[0], "allow:session");
	WORLD_UNTIL(loop, monitor.engine.answered == 50);
	ck_assert_uint_eq(monitor.own.asked, 1);
	close_monitor(&monitor);
	close_world();
}
END_TEST

START_TEST(withdrawals_and_deadlines)
{
	static struct monitor monitor;
	uint64_t id;

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 1, true), 0);
	id = ask(&monitor, "/gone");
	WORLD_UNTIL(loop, monitor.own.asked == 1);
	monitor.decider->ops->withdraw(monitor.decider, id);
	WORLD_UNTIL(loop, monitor.own.withdrawn == 1);
	id = ask(&monitor, "/late");
	WORLD_UNTIL(loop, monitor.engine.answers[id]);
	ck_assert_int_eq(monitor.engine.answers[id], 1 + ANSWER_DENY);
	ck_assert_uint_eq(monitor.own.withdrawn, 2);
	close_monitor(&monitor);
	close_world();
}
END_TEST

START_TEST(nobody_there_denies)
{
	static struct monitor monitor;
	uint64_t id;

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, false), 0);
	id = ask(&monitor, "/secret");
	WORLD_UNTIL(loop, monitor.engine.answers[id]);
	ck_assert_int_eq(monitor.engine.answers[id], 1 + ANSWER_DENY);
	close_monitor(&monitor);
	close_world();
}
END_TEST

START_TEST(without_a_daemon_requests_are_denied_in_time)
{
	static struct monitor monitor, patient;
	uint64_t id;

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 1, true), 0);
	ck_assert_int_eq(open_monitor(&patient, "patient", 60, true), 0);
	id = ask(&monitor, "/open");
	WORLD_UNTIL(loop, monitor.own.asked == 1);
	stop_daemon(SIGKILL);
	WORLD_UNTIL(loop, monitor.engine.answers[id]);
	ck_assert_int_eq(monitor.engine.answers[id], 1 + ANSWER_DENY);
	/* One that comes while it is away, and is decided when it is back. */
	id = ask(&patient, "/next");
	patient.own.answer = "allow:session";
	start_daemon();
	WORLD_UNTIL(loop, patient.engine.answers[id]);
	ck_assert_int_eq(patient.engine.answers[id], 1 + ANSWER_RETRY);
	close_monitor(&patient);
	close_monitor(&monitor);
	close_world();
}
END_TEST

START_TEST(session_rules_survive_a_restart)
{
	static struct monitor monitor;
	uint64_t generation, id;

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, true), 0);
	monitor.own.answer = "allow:session";
	id = ask(&monitor, "/mine");
	WORLD_UNTIL(loop, monitor.engine.answers[id]);
	ck_assert(engine_allows(&monitor.engine, "/mine"));
	generation = ruleset_generation(monitor.engine.ruleset);
	stop_daemon(SIGKILL);
	start_daemon();
	WORLD_UNTIL(loop,
		    ruleset_generation(monitor.engine.ruleset) > generation);
	ck_assert(engine_allows(&monitor.engine, "/mine"));
	ck_assert(engine_allows(&monitor.engine, "/bin/program"));
	close_monitor(&monitor);
	close_world();
}
END_TEST

#define KILLS 100

START_TEST(no_reported_grant_is_lost)
{
	static struct monitor monitor, after;
	static bool reported[WORLD_REQUESTS];
	uint64_t seed = 42, first = 0;
	unsigned int kept = 0;
	char path[32];

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, true), 0);
	monitor.own.answer = "allow:always";
	for (int i = 0; i < KILLS; i++) {
		const int64_t pause = (int64_t)unit_below(&seed, 15000);

		first = monitor.last_id;
		for (int j = 0; j < 8; j++) {
			snprintf(path, sizeof(path), "/g%d",
				 (int)monitor.last_id + 1);
			ask(&monitor, path);
		}
		for (int64_t t = 0; t < pause; t += 500) {
			event_base_loop(loop, EVLOOP_NONBLOCK);
			usleep(500);
		}
		stop_daemon(SIGKILL);
		start_daemon();
		/* Put again, all are answered in the end. */
		WORLD_UNTIL(loop, monitor.engine.answered == first + 8);
	}
	for (uint64_t id = 1; id <= monitor.last_id; id++)
		reported[id] = monitor.engine.answers[id] == 1 + ANSWER_RETRY;
	stop_daemon(SIGKILL);
	start_daemon();
	ck_assert_int_eq(open_monitor(&after, "app", 60, false), 0);
	for (uint64_t id = 1; id <= monitor.last_id; id++) {
		snprintf(path, sizeof(path), "/g%d", (int)id);
		if (reported[id])
			ck_assert_msg(engine_allows(&after.engine, path),
				      "%s was reported and is lost", path);
		kept += reported[id];
	}
	ck_assert_uint_gt(kept, 0);
	printf("# %u grants reported over %d kills, none lost\n", kept, KILLS);
	close_monitor(&monitor);
	close_monitor(&after);
	close_world();
}
END_TEST

/* A raw connection. */
static int open_raw(void)
{
	char *path;
	int fd;

	ck_assert_int_eq(control_socket_path(&path), 0);
	fd = control_socket_connect(path);
	ck_assert_int_ge(fd, 0);
	free(path);
	return fd;
}

/* Whether the daemon has closed a connection, within some seconds. */
static bool is_closed(int fd)
{
	char byte;

	for (int i = 0; i < 600; i++) {
		const ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);

		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return true;
		if (n < 0)
			usleep(5000);
	}
	return false;
}

static const char handshake[] = "\0AUTH ANONYMOUS\r\nDATA\r\nBEGIN\r\n";

static void write_all(int fd, const void *bytes, size_t length)
{
	while (length > 0) {
		const ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return;
		if (n < 0)
			usleep(1000);
		else {
			bytes = (const char *)bytes + n;
			length -= (size_t)n;
		}
	}
}

START_TEST(garbage_harms_only_its_sender)
{
	static unsigned char bytes[65536];
	uint64_t seed = 7;
	int fds[16];

	open_world();
	for (int i = 0; i < 16; i++) {
		fds[i] = open_raw();
		if (i % 2)
			write_all(fds[i], handshake, sizeof(handshake) - 1);
		for (size_t j = 0; j < sizeof(bytes); j++)
			bytes[j] = (unsigned char)unit_random(&seed);
		bytes[0] = i % 4 == 1 ? 'l' : bytes[0];
		bytes[1] = 1;
		write_all(fds[i], bytes, i % 4 == 3 ? 9 : sizeof(bytes));
		check_alive();
	}
	ck_assert(is_closed(fds[0]));
	for (int i = 0; i < 16; i++)
		close(fds[i]);
	check_alive();
	close_world();
}
END_TEST

START_TEST(a_message_that_is_too_long_is_refused)
{
	const unsigned char header[16] = {'l', 1, 0, 1, 0xff, 0xff, 0xff, 0x07,
					  1,   0, 0, 0, 0,    0,    0,	  0};
	int fd;

	open_world();
	fd = open_raw();
	write_all(fd, handshake, sizeof(handshake) - 1);
	write_all(fd, header, sizeof(header));
	ck_assert(is_closed(fd));
	close(fd);
	check_alive();
	close_world();
}
END_TEST

/* Calls with wrong types and values get an error reply. */
START_TEST(bad_calls_get_errors)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *call;
	sd_bus *bus;

	open_world();
	ck_assert_int_eq(client_open(&bus), 0);
	ck_assert_int_lt(sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					    BUS_SUPERVISOR, "Register", &error,
					    NULL, "s", "app"),
			 0);
	sd_bus_error_free(&error);
	ck_assert_int_lt(sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					    BUS_SUPERVISOR, "NoSuch", &error,
					    NULL, NULL),
			 0);
	sd_bus_error_free(&error);
	/* Without a domain. */
	ck_assert_int_lt(sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					    BUS_SUPERVISOR, "Withdraw", &error,
					    NULL, "t", UINT64_C(1)),
			 0);
	ck_assert_str_eq(error.name, BUS_ERROR_STATE);
	sd_bus_error_free(&error);
	/* A decision on what was never asked. */
	ck_assert_int_lt(sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					    BUS_SUPERVISOR, "Decide", &error,
					    NULL, "t(yyxaytay)", UINT64_C(1), 1,
					    4, INT64_C(0), 0, UINT64_C(0), 0),
			 0);
	ck_assert_str_eq(error.name, BUS_ERROR_UNKNOWN);
	sd_bus_error_free(&error);
	/* A giant array of what is no rule. */
	ck_assert_int_eq(client_call_new(bus, "AddRules", &call), 0);
	wire_append_bytes(call, "app");
	sd_bus_message_open_container(call, 'a', BUS_RULE);
	for (int i = 0; i < 5000; i++)
		sd_bus_message_append(call, BUS_RULE, 9, 9, UINT64_C(0), 9, 0,
				      INT64_C(0), INT64_C(0), INT64_C(0), 0, 0,
				      INT64_C(0), UINT64_C(0), INT64_C(0), 0,
				      0);
	sd_bus_message_close_container(call);
	sd_bus_message_append(call, "b", 1);
	ck_assert_int_eq(client_call(bus, call, NULL, NULL), -EINVAL);
	sd_bus_message_unref(call);
	sd_bus_close_unref(bus);
	check_alive();
	close_world();
}
END_TEST

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

START_TEST(an_agent_inside_the_tree_is_refused)
{
	static struct monitor monitor;
	int status;
	pid_t child;

	open_world();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, false), 0);
	child = fork();
	if (child == 0) {
		sd_bus_message *call;
		char *sentence = NULL;
		sd_bus *bus;
		int r = client_open(&bus);

		if (r == 0)
			r = client_call_new(bus, "Subscribe", &call);
		if (r == 0)
			r = client_call(bus, call, NULL, &sentence);
		_exit(r == -EDEADLK && sentence && strstr(sentence, "inside")
			      ? 0
			      : 1);
	}
	waitpid(child, &status, 0);
	ck_assert_int_eq(status, 0);
	close_monitor(&monitor);
	close_world();
}
END_TEST

/* The agent is there first, and a monitor comes that would contain it. */
START_TEST(a_tree_around_an_agent_is_refused)
{
	static struct monitor monitor;
	int ready[2], status;
	char byte;
	pid_t child;

	open_world();
	ck_assert_int_eq(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		static struct subscriber agent;

		event_reinit(loop);
		open_subscriber(&agent);
		(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, false), -EDEADLK);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	close_world();
}
END_TEST

union descriptor {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static struct msghdr descriptor_message(union descriptor *control)
{
	static char byte = 'x';
	static struct iovec vector = {&byte, 1};

	return (struct msghdr){
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control->bytes,
		.msg_controllen = sizeof(control->bytes),
	};
}

/* Returns: 0, or 1 when it could not be sent. */
static int send_fd(int to, int fd)
{
	union descriptor control = {};
	struct msghdr message = descriptor_message(&control);

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return sendmsg(to, &message, 0) != 1;
}

static int receive_fd(int from)
{
	union descriptor control = {};
	struct msghdr message = descriptor_message(&control);
	int fd = -1;

	ck_assert_int_eq(recvmsg(from, &message, 0), 1);
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

/* A connection that was handed into the tree cannot be spoken on. */
START_TEST(a_handed_over_connection_is_refused)
{
	int fd, pair[2], status;
	pid_t child;

	open_world();
	fd = open_raw();
	write_all(fd, handshake, sizeof(handshake) - 1);
	child = fork();
	if (child == 0) {
		const unsigned char header[16] = {'l', 1, 0, 1};

		write_all(fd, header, sizeof(header));
		_exit(0);
	}
	waitpid(child, &status, 0);
	ck_assert(is_closed(fd));
	close(fd);
	/* Neither can one whose owner has ended. */
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	child = fork();
	if (child == 0)
		_exit(send_fd(pair[1], open_raw()));
	waitpid(child, &status, 0);
	ck_assert_int_eq(status, 0);
	fd = receive_fd(pair[0]);
	write_all(fd, handshake, sizeof(handshake) - 1);
	ck_assert(is_closed(fd));
	check_alive();
	close_world();
}
END_TEST

/* Writes a file beneath the home directory, and the directory it is in. */
static void write_home(const char *directory, const char *name,
		       const char *text)
{
	_cleanup_free_ char *path = NULL, *file_path = NULL;
	FILE *file;

	ck_assert_int_gt(asprintf(&path, "%s/%s", getenv("HOME"), directory),
			 0);
	ck_assert_int_gt(asprintf(&file_path, "%s/%s", path, name), 0);
	ck_assert_int_eq(directory_make_parents(file_path), 0);
	file = fopen(file_path, "we");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void rename_home(const char *from, const char *to)
{
	_cleanup_free_ char *old = NULL, *new = NULL;

	ck_assert_int_gt(asprintf(&old, "%s/%s", getenv("HOME"), from), 0);
	ck_assert_int_gt(asprintf(&new, "%s/%s", getenv("HOME"), to), 0);
	ck_assert_int_eq(rename(old, new), 0);
}

/* Lets the loop run for a time in which the watch would have told. */
static void settle(void)
{
	for (int i = 0; i < 100; i++) {
		event_base_loop(loop, EVLOOP_NONBLOCK);
		usleep(10000);
	}
}

/*
 * A directory above the policy is exchanged, which the watch is not told: only
 * the signal brings the new policy.
 */
START_TEST(sighup_commits_the_new_policy)
{
	static struct monitor monitor;
	_cleanup_free_ char *config = NULL;

	open_home();
	ck_assert_int_gt(asprintf(&config, "%s/up/config", getenv("HOME")), 0);
	setenv("XDG_CONFIG_HOME", config, 1);
	write_home("up/config/landlord", "base.ini", "[allow]\nread = /old\n");
	write_home("new/config/landlord", "base.ini", "[allow]\nread = /new\n");
	start_daemon();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, false), 0);
	ck_assert(engine_allows(&monitor.engine, "/old"));
	rename_home("up", "away");
	rename_home("new", "up");
	settle();
	ck_assert(engine_allows(&monitor.engine, "/old"));
	kill(daemon_pid, SIGHUP);
	WORLD_UNTIL(loop, engine_allows(&monitor.engine, "/new"));
	ck_assert(!engine_allows(&monitor.engine, "/old"));
	close_monitor(&monitor);
	close_world();
}
END_TEST

static const char *const policies[] = {"one", "two", "three"};

/* Each has what its own --policy says, and nothing else. */
static void check_policies(const struct monitor *monitors, size_t count)
{
	char path[32];

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++) {
			snprintf(path, sizeof(path), "/%s", policies[j]);
			ck_assert_int_eq(
				engine_allows(&monitors[i].engine, path),
				i == j);
		}
}

START_TEST(policies_survive_a_restart)
{
	static struct monitor monitors[3];
	char *paths[3], text[64], name[32];

	open_world();
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s.ini", policies[i]);
		snprintf(text, sizeof(text), "[allow]\nread = /%s\n",
			 policies[i]);
		write_home("named", name, text);
		ck_assert_int_gt(asprintf(&paths[i], "%s/named/%s",
					  getenv("HOME"), name),
				 0);
		/* The first two are the same app. */
		ck_assert_int_eq(open_monitor_of(&monitors[i],
						 i < 2 ? "app" : "other",
						 paths[i], 60, false),
				 0);
	}
	check_policies(monitors, 3);
	stop_daemon(SIGKILL);
	for (int i = 0; i < 3; i++)
		monitors[i].engine.commits = 0;
	start_daemon();
	for (int i = 0; i < 3; i++)
		WORLD_UNTIL(loop, monitors[i].engine.commits);
	check_policies(monitors, 3);
	for (int i = 0; i < 3; i++) {
		close_monitor(&monitors[i]);
		free(paths[i]);
	}
	close_world();
}
END_TEST

#define SOMEBODY 65534
#define A_STRANGER 65533

/* Whether a user that does not use our client, and checks nothing, is heard. */
static bool hears(uid_t uid)
{
	_cleanup_free_ char *path = NULL, *address = NULL;
	sd_bus *bus = NULL;
	int status;
	pid_t child;

	ck_assert_int_eq(control_socket_path(&path), 0);
	ck_assert_int_gt(asprintf(&address, "unix:path=%s", path), 0);
	child = fork();
	if (child == 0)
		_exit((uid != geteuid() && setuid(uid) < 0) ||
		      sd_bus_new(&bus) < 0 ||
		      sd_bus_set_address(bus, address) < 0 ||
		      sd_bus_set_anonymous(bus, 1) < 0 ||
		      sd_bus_start(bus) < 0 ||
		      sd_bus_call_method(bus, NULL, BUS_SUPERVISOR_PATH,
					 BUS_SUPERVISOR, "ListDomains", NULL,
					 NULL, NULL) < 0);
	waitpid(child, &status, 0);
	return status == 0;
}

/* To where everybody can execute it: the build may be in root's home. */
static void copy_daemon(void)
{
	static char copy[4096];
	const int from = open(LANDLORDD, O_RDONLY | O_CLOEXEC);
	int to;

	snprintf(copy, sizeof(copy), "%s/landlordd", getenv("HOME"));
	to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	ck_assert(from >= 0 && to >= 0);
	while (sendfile(to, from, NULL, 1 << 20) > 0)
		;
	ck_assert_int_eq(fchmod(to, 0755), 0);
	close(from);
	close(to);
	landlordd = copy;
}

/*
 * A user's daemon answers that user and root. But what root supervises is not
 * decided by a user's daemon, so our client does not speak to it.
 */
START_TEST(users_are_kept_apart)
{
	_cleanup_free_ char *directory = NULL, *path = NULL;

	if (geteuid() != 0) {
		printf("# skipped: not root\n");
		return;
	}
	open_home();
	ck_assert_int_eq(chown(getenv("HOME"), SOMEBODY, SOMEBODY), 0);
	copy_daemon();
	spawn_daemon(SOMEBODY, unconfined);
	for (int i = 0; i < 1000 && !hears(SOMEBODY); i++)
		usleep(5000);
	ck_assert(hears(SOMEBODY));
	ck_assert(hears(0));
	ck_assert(!daemon_answers());
	/* Others are kept out also where the directory would let them in. */
	ck_assert_int_eq(control_socket_path(&path), 0);
	directory = strndup(path, (size_t)(strrchr(path, '/') - path));
	ck_assert_int_eq(chmod(getenv("HOME"), 0755), 0);
	ck_assert_int_eq(chmod(directory, 0755), 0);
	ck_assert_int_eq(chmod(path, 0666), 0);
	ck_assert(!hears(A_STRANGER));
	ck_assert(hears(SOMEBODY));
	close_world();
}
END_TEST

START_TEST(there_is_one_instance)
{
	int status;
	pid_t child;

	open_world();
	child = fork();
	if (child == 0) {
		execl(LANDLORDD, "landlordd", "--no-confine", NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	ck_assert_int_eq(WEXITSTATUS(status), EXIT_FAILURE);
	check_alive();
	close_world();
}
END_TEST

UNIT_MAIN("daemon", one_question_delays_no_other, fifty_ask_once,
	  withdrawals_and_deadlines, nobody_there_denies,
	  without_a_daemon_requests_are_denied_in_time,
	  session_rules_survive_a_restart, no_reported_grant_is_lost,
	  garbage_harms_only_its_sender, a_message_that_is_too_long_is_refused,
	  bad_calls_get_errors, a_client_that_never_reads_delays_nobody,
	  a_stuck_monitor_delays_nobody, an_agent_inside_the_tree_is_refused,
	  a_tree_around_an_agent_is_refused,
	  a_handed_over_connection_is_refused, sighup_commits_the_new_policy,
	  policies_survive_a_restart, users_are_kept_apart,
	  there_is_one_instance);
