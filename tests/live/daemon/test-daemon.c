/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlordd with several monitors and agents, and while it is killed. The
 * monitors are fake: their engine only keeps the ruleset and notes the answers.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "control/agent_relay.h"
#include "control/bus_loop.h"
#include "control/client.h"
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
		/* A moment that nobody chose. */
		world_run(loop, pause);
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
		int error = client_open(&bus);

		if (error == 0)
			error = client_call_new(bus, "Subscribe", &call);
		if (error == 0)
			error = client_call(bus, call, NULL, &sentence);
		_exit(error == -EDEADLK && sentence &&
				      strstr(sentence, "inside")
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

/*
 * A directory above the policy is exchanged, which the watch is not told: only
 * the signal brings the new policy.
 */
START_TEST(sighup_commits_the_new_policy)
{
	static struct monitor monitor, other;
	_cleanup_free_ char *config = NULL, *named = NULL;

	open_home();
	ck_assert_int_gt(asprintf(&config, "%s/up/config", getenv("HOME")), 0);
	setenv("XDG_CONFIG_HOME", config, 1);
	write_home("up/config/landlord", "base.ini", "[allow]\nread = /old\n");
	write_home("new/config/landlord", "base.ini", "[allow]\nread = /new\n");
	write_home("named", "other.ini", "[allow]\nread = /then\n");
	ck_assert_int_gt(asprintf(&named, "%s/named/other.ini", getenv("HOME")),
			 0);
	start_daemon();
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, false), 0);
	ck_assert_int_eq(open_monitor_of(&other, "other", named, 60, false), 0);
	ck_assert(engine_allows(&monitor.engine, "/old"));
	rename_home("up", "away");
	rename_home("new", "up");
	/* What the watch is told later has been followed: it was not this. */
	write_home("named", "other.ini", "[allow]\nread = /now\n");
	WORLD_UNTIL(loop, engine_allows(&other.engine, "/now"));
	ck_assert(engine_allows(&monitor.engine, "/old"));
	kill(daemon_pid, SIGHUP);
	WORLD_UNTIL(loop, engine_allows(&monitor.engine, "/new"));
	ck_assert(!engine_allows(&monitor.engine, "/old"));
	close_monitor(&other);
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
	  an_agent_inside_the_tree_is_refused,
	  a_tree_around_an_agent_is_refused, sighup_commits_the_new_policy,
	  policies_survive_a_restart, there_is_one_instance);
