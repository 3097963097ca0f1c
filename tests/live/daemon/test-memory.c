/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What landlordd weighs with many supervisees: at rest, while each of them has
 * a question open, and after that. The monitors are fake, as in test-daemon.c,
 * and all in this process.
 */
#include <sys/resource.h>

#include "fixture.h"
#include "unit.h"

#define BUDGET (32 * 1024) /* kilobytes */

/* Too small to judge by: only what the protocol needs of an engine. */
struct light_engine {
	unsigned int commits, answered;
};

/* An agent that keeps what it was asked to itself. */
struct light_agent {
	struct agent agent;
	uint64_t question;
};

struct light_monitor {
	struct decider *decider;
	struct light_agent agent;
	struct light_engine engine;
};

static int light_commit(void *userdata, struct ruleset *ruleset)
{
	struct light_engine *engine = userdata;

	(void)ruleset;
	engine->commits++;
	return 0;
}

static void light_answer(void *userdata, uint64_t id, enum answer answer)
{
	struct light_engine *engine = userdata;

	(void)id;
	(void)answer;
	engine->answered++;
}

static const struct decider_events light_events = {
	.commit = light_commit,
	.answer = light_answer,
};

static int light_ask(struct agent *agent, const struct question *question)
{
	((struct light_agent *)agent)->question = question->id;
	return 0;
}

static void light_withdraw(struct agent *agent, uint64_t id)
{
	(void)agent;
	(void)id;
}

static const struct agent_ops light_ops = {
	.name = "light",
	.ask = light_ask,
	.withdraw = light_withdraw,
};

/* Kilobytes, of a line of smaps_rollup. */
static long weigh(pid_t pid, const char *what)
{
	char path[64], line[256];
	long kilobytes = 0, value;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, what, strlen(what)) == 0 &&
		    sscanf(line + strlen(what), ": %ld", &value) == 1)
			kilobytes += value;
	fclose(file);
	return kilobytes;
}

/* Returns: its proportional set size. */
static long report(const char *when, int supervisees)
{
	const long pss = weigh(daemon_pid, "Pss");
	const long uss = weigh(daemon_pid, "Private_Clean") +
			 weigh(daemon_pid, "Private_Dirty");

	printf("# %-10s %4d supervisees: PSS %6ld kB, USS %6ld kB\n", when,
	       supervisees, pss, uss);
	fflush(stdout);
	return pss;
}

static void open_light(struct light_monitor *monitor, int app)
{
	static const char *const command[] = {"program", "argument", NULL};
	const struct bus_decider_options options = {
		.clock = &clock_real,
		.agent = &monitor->agent.agent,
		.timeout_seconds = 600,
	};
	char name[32];
	const struct domain_info info = {.app = name,
					 .command = command,
					 .engine = "seccomp",
					 .command_path = "/bin/program",
					 .monitor_pid = getpid()};

	monitor->agent.agent.ops = &light_ops;
	snprintf(name, sizeof(name), "app-%d", app);
	ck_assert_int_eq(bus_decider_new(&monitor->decider, loop, &info,
					 &options, &light_events,
					 &monitor->engine, NULL),
			 0);
	WORLD_UNTIL(loop, monitor->engine.commits);
}

static void put(struct light_monitor *monitor)
{
	struct request request = world_request(1, "/a/path/that/is/asked");

	ck_assert_int_eq(monitor->decider->ops->ask(monitor->decider, &request),
			 0);
	request_finish(&request);
	WORLD_UNTIL(loop, monitor->agent.question);
}

static void answer(struct light_monitor *monitor)
{
	struct decision decision = {0};
	const char *expected;

	ck_assert_int_eq(
		decision_parse("allow:session", 0, &decision, &expected), 0);
	agent_decide(&monitor->agent.agent, monitor->agent.question, &decision);
	decision_finish(&decision);
	WORLD_UNTIL(loop, monitor->engine.answered);
}

static long measure(int supervisees, int apps)
{
	struct light_monitor *monitors =
		calloc((size_t)supervisees, sizeof(*monitors));
	long most, weight;

	ck_assert_ptr_nonnull(monitors);
	report("empty", 0);
	for (int i = 0; i < supervisees; i++)
		open_light(&monitors[i], i % apps);
	most = report("registered", supervisees);
	for (int i = 0; i < supervisees; i++)
		put(&monitors[i]);
	weight = report("asking", supervisees);
	most = weight > most ? weight : most;
	for (int i = 0; i < supervisees; i++)
		answer(&monitors[i]);
	weight = report("answered", supervisees);
	most = weight > most ? weight : most;
	for (int i = 0; i < supervisees; i++)
		monitors[i].decider->ops->free(monitors[i].decider);
	free(monitors);
	return most;
}

static void raise_limits(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void check(int supervisees, int apps)
{
	static const char *const confined[] = {NULL};

	raise_limits();
	open_home();
	setenv("LANDLORD_VENDOR_DIR", VENDOR_DIR, 1);
	start_daemon_with(confined);
	ck_assert_int_le(measure(supervisees, apps), BUDGET);
	close_world();
}

START_TEST(forty)
{
	check(40, 40);
}
END_TEST

START_TEST(a_thousand_of_one_app)
{
	check(1000, 1);
}
END_TEST

START_TEST(a_thousand_of_many_apps)
{
	check(1000, 200);
}
END_TEST

UNIT_MAIN("memory", forty, a_thousand_of_one_app, a_thousand_of_many_apps);
