/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may not answer: an agent that hangs on what a supervised program reaches
 * may deny, and allows nothing to that program.
 */
#include "virtual.h"

#include "supervision/ask.h"
#include "supervision/commit.h"
#include "supervision/registration.h"
#include "supervision/wait_graph.h"
#include "unit.h"

#define DISPLAY_NAME "/tmp/.X11-unix/X0"

static struct event_base *loop;
static struct supervisor *supervisor;
static struct engine engine;
static struct puppet desktop, console;
static struct domain *domain;

static struct domain *add_domain(const char *app)
{
	const struct domain_info info = {.app = app, .monitor_pid = getpid()};
	const struct domain_options options = {
		.info = &info,
		.events = &engine_events,
		.engine = &engine,
	};
	struct domain *added;

	ck_assert_int_eq(
		domain_register(&supervisor->registry, &options, &added, NULL),
		0);
	return added;
}

static void subscribe(struct puppet *puppet)
{
	puppet->agent.ops = &puppet_ops;
	ck_assert_int_eq(
		supervisor_subscribe(supervisor, &puppet->agent, 1, NULL), 0);
}

static uint64_t display(void)
{
	struct object object;
	uint64_t set = 0;

	ck_assert_int_eq(object_init_path(&object, DISPLAY_NAME), 0);
	ck_assert_int_eq(wait_graph_add_lever(supervisor->registry.wait_graph,
					      &object, RIGHT_FS_RESOLVE_UNIX,
					      &set),
			 0);
	object_finish(&object);
	return set;
}

static void open_world(void)
{
	engine = (struct engine){0};
	desktop = console = (struct puppet){.clock = &virtual_clock};
	loop = event_base_new();
	supervisor = virtual_open(loop, &virtual_clock, false);
	domain = add_domain("app");
}

static void close_world(void)
{
	domain_unregister(domain);
	virtual_close(supervisor);
	event_base_free(loop);
	ruleset_unref(engine.ruleset);
}

static void ask(struct domain *of, uint64_t id, const char *path,
		rights_t right)
{
	struct request request = world_request(id, path);

	request.accesses[0].missing = right;
	ck_assert_int_eq(domain_ask(of, &request), 0);
	request_finish(&request);
}

static uint64_t last_open(const struct puppet *puppet)
{
	ck_assert_uint_gt(puppet->open_count, 0);
	return puppet->open[puppet->open_count - 1];
}

/* Whether what was asked last may be allowed; if not, it is said why. */
static bool may_allow(const struct puppet *puppet)
{
	char *sentence = NULL;
	const int error = supervisor_may_allow(supervisor, &puppet->agent,
					       last_open(puppet), &sentence);

	ck_assert(error == 0 || error == -EDEADLK);
	if (error < 0) {
		ck_assert_ptr_nonnull(strstr(sentence, DISPLAY_NAME));
		ck_assert_ptr_nonnull(strstr(sentence, "which waits for"));
	}
	free(sentence);
	return error == 0;
}

/* The display is let through first; @answer says for how long. */
static void check_answer(const char *answer, bool hangs_first, bool allowed)
{
	open_world();
	subscribe(&desktop);
	if (hangs_first)
		ck_assert_int_eq(
			supervisor_hang(supervisor, &desktop.agent, display()),
			0);
	ask(domain, 1, DISPLAY_NAME, RIGHT_FS_RESOLVE_UNIX);
	ck_assert(may_allow(&desktop));
	puppet_decide(&desktop, last_open(&desktop), answer);
	if (!hangs_first)
		ck_assert_int_eq(
			supervisor_hang(supervisor, &desktop.agent, display()),
			0);
	ask(domain, 2, "/secret", RIGHT_FS_READ_FILE);
	ck_assert(may_allow(&desktop) == allowed);
	/* It may always deny. */
	puppet_decide(&desktop, last_open(&desktop), "deny");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_DENY);
	close_world();
}

#define ANSWERED(name, answer, hangs_first, allowed)        \
	START_TEST(name)                                    \
	{                                                   \
		check_answer(answer, hangs_first, allowed); \
	}                                                   \
	END_TEST

/* Whoever reaches it is not answered from there. */
ANSWERED(denied, "deny", true, true)
ANSWERED(denied_for_good, "deny:session", false, true)
ANSWERED(let_through_once, "allow", true, false)
ANSWERED(let_through_one, "allow:process", true, false)
ANSWERED(let_through_all, "allow:session", true, false)
ANSWERED(let_through_always, "allow:always", true, false)
ANSWERED(let_through_before, "allow:session", false, false)
ANSWERED(let_one_through_before, "allow:process", false, false)

START_TEST(an_open_question_too)
{
	open_world();
	subscribe(&desktop);
	supervisor_hang(supervisor, &desktop.agent, display());
	ask(domain, 1, "/secret", RIGHT_FS_READ_FILE);
	ck_assert(may_allow(&desktop));
	ask(domain, 2, DISPLAY_NAME, RIGHT_FS_RESOLVE_UNIX);
	puppet_decide(&desktop, last_open(&desktop), "allow:session");
	ck_assert(!may_allow(&desktop));
	close_world();
}
END_TEST

static int keep_rule(void *userdata, const struct rule *rule)
{
	*(const struct rule **)userdata = rule;
	return 0;
}

/* A connection stays open when the rule has gone. */
START_TEST(what_was_reached_stays_reached)
{
	const struct rule *rule = NULL;

	open_world();
	subscribe(&desktop);
	supervisor_hang(supervisor, &desktop.agent, display());
	ask(domain, 1, DISPLAY_NAME, RIGHT_FS_RESOLVE_UNIX);
	puppet_decide(&desktop, last_open(&desktop), "allow:session");
	rulebook_each(domain->session, rulebook_version(domain->session),
		      keep_rule, &rule);
	ck_assert(domain_forget(domain, rule->id));
	domain_refresh(domain);
	ask(domain, 2, "/secret", RIGHT_FS_READ_FILE);
	ck_assert(!may_allow(&desktop));
	/* And so for the next agent that hangs on it. */
	supervisor_unsubscribe(supervisor, &desktop.agent);
	subscribe(&console);
	supervisor_hang(supervisor, &console.agent, display());
	ask(domain, 3, "/secret", RIGHT_FS_READ_FILE);
	ck_assert(!may_allow(&console));
	close_world();
}
END_TEST

START_TEST(others_are_answered)
{
	struct domain *other;

	open_world();
	other = add_domain("other");
	subscribe(&desktop);
	supervisor_hang(supervisor, &desktop.agent, display());
	ask(domain, 1, DISPLAY_NAME, RIGHT_FS_RESOLVE_UNIX);
	puppet_decide(&desktop, last_open(&desktop), "allow:session");
	ask(other, 2, "/secret", RIGHT_FS_READ_FILE);
	ck_assert(may_allow(&desktop));
	domain_unregister(other);
	close_world();
}
END_TEST

/* Whoever may allow it is asked, even one who came before, or comes later. */
START_TEST(another_agent_is_asked)
{
	open_world();
	subscribe(&console);
	subscribe(&desktop);
	supervisor_hang(supervisor, &desktop.agent, display());
	ask(domain, 1, DISPLAY_NAME, RIGHT_FS_RESOLVE_UNIX);
	puppet_decide(&desktop, last_open(&desktop), "allow:session");
	ask(domain, 2, "/secret", RIGHT_FS_READ_FILE);
	ck_assert_uint_eq(console.open_count, 1);
	ck_assert_uint_eq(desktop.open_count, 0);
	ck_assert(may_allow(&console));
	supervisor_unsubscribe(supervisor, &console.agent);
	/* The same question is the desktop's now, which can only deny it. */
	ck_assert(!may_allow(&desktop));
	console.open_count = 0;
	subscribe(&console);
	ck_assert_uint_eq(desktop.withdrawn, 1);
	ck_assert_uint_eq(desktop.open_count, 0);
	ck_assert(may_allow(&console));
	puppet_decide(&console, last_open(&console), "allow");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_ALLOW_ONCE);
	close_world();
}
END_TEST

START_TEST(a_bad_lever_is_refused)
{
	struct object object = {.type = OBJECT_PORT, .port = 6000};
	uint64_t set = 0;

	open_world();
	ck_assert_int_eq(wait_graph_add_lever(supervisor->registry.wait_graph,
					      &object, RIGHT_FS_READ_FILE,
					      &set),
			 -EINVAL);
	ck_assert_int_eq(wait_graph_add_lever(supervisor->registry.wait_graph,
					      &object, 0, &set),
			 -EINVAL);
	for (int i = 0; i < LEVERS_MAX; i++) {
		object.port++;
		ck_assert_int_eq(wait_graph_add_lever(
					 supervisor->registry.wait_graph,
					 &object, RIGHT_NET_CONNECT_TCP, &set),
				 0);
	}
	ck_assert_uint_eq(set, UINT64_MAX);
	/* One that is known is no new one. */
	ck_assert_int_eq(wait_graph_add_lever(supervisor->registry.wait_graph,
					      &object, RIGHT_NET_CONNECT_TCP,
					      &set),
			 0);
	object.port++;
	ck_assert_int_eq(wait_graph_add_lever(supervisor->registry.wait_graph,
					      &object, RIGHT_NET_CONNECT_TCP,
					      &set),
			 -ENOSPC);
	close_world();
}
END_TEST

/* What the rules let reach of the port 6000. */
static uint64_t reached_by(const struct levers *levers, const char *allowed)
{
	struct rule rule = {.layer = LAYER_USER,
			    .effect = EFFECT_ALLOW,
			    .rights = RIGHT_NET_CONNECT_TCP};
	struct rules rules = {0};
	struct ruleset *ruleset;
	const char *expected;
	uint64_t set;

	ck_assert_int_eq(object_parse(allowed, rule.rights, &rule.object,
				      &rule.beneath, &expected),
			 0);
	ck_assert_int_eq(rules_take(&rules, &rule), 0);
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 0, 0), 0);
	set = levers_reached(levers, ruleset);
	rules_finish(&rules);
	ruleset_unref(ruleset);
	return set;
}

/* The machine of a display has many addresses. */
START_TEST(a_port_is_a_lever_by_any_address)
{
	const struct object object = {.type = OBJECT_PORT, .port = 6000};
	struct request request = {.accesses_count = 1};
	struct levers levers = {0};
	uint64_t set = 0;

	ck_assert_int_eq(
		levers_add(&levers, &object, RIGHT_NET_CONNECT_TCP, &set), 0);
	ck_assert_uint_eq(reached_by(&levers, "6000"), 1);
	ck_assert_uint_eq(reached_by(&levers, "127.0.0.1:6000"), 1);
	ck_assert_uint_eq(reached_by(&levers, "[2001:db8::/32]:*"), 1);
	ck_assert_uint_eq(reached_by(&levers, "127.0.0.1:6001"), 0);
	request.accesses[0].object = object;
	request.accesses[0].missing = RIGHT_NET_CONNECT_TCP;
	network_parse("192.0.2.1", &request.accesses[0].object.network);
	ck_assert_uint_eq(levers_asked(&levers, &request), 1);
	request.accesses[0].object.port++;
	ck_assert_uint_eq(levers_asked(&levers, &request), 0);
	levers_finish(&levers);
}
END_TEST

UNIT_MAIN("levers", denied, denied_for_good, let_through_once, let_through_one,
	  let_through_all, let_through_always, let_through_before,
	  let_one_through_before, an_open_question_too,
	  what_was_reached_stays_reached, others_are_answered,
	  another_agent_is_asked, a_bad_lever_is_refused,
	  a_port_is_a_lever_by_any_address);
