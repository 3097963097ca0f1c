/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core: questions are put once, commits come before answers and grants, and
 * what nobody answers is denied.
 */
#include "virtual.h"

#include <fcntl.h>

#include "base/lock.h"
#include "supervision/granting.h"
#include "supervision/ask.h"
#include "supervision/commit.h"
#include "supervision/inquiry.h"
#include "supervision/later.h"
#include "supervision/profile.h"
#include "supervision/registration.h"
#include "unit.h"

static struct event_base *loop;
static struct supervisor *supervisor;
static struct engine engine;
static struct puppet puppet;
static struct domain *domain;

static int add_domain(const char *app, struct engine *of, int timeout,
		      struct agent *own, struct domain **ret)
{
	const struct domain_info info = {.app = app, .monitor_pid = getpid()};
	const struct domain_options options = {
		.info = &info,
		.events = &engine_events,
		.engine = of,
		.own_agent = own,
		.timeout_seconds = timeout,
	};

	return domain_register(&supervisor->registry, &options, ret, NULL);
}

static void open_world_by(const struct clock *clock, int timeout, bool watch)
{
	engine = (struct engine){0};
	puppet = (struct puppet){.clock = clock};
	loop = event_base_new();
	supervisor = virtual_open(loop, clock, watch);
	puppet.agent.ops = &puppet_ops;
	ck_assert_int_eq(
		supervisor_subscribe(supervisor, &puppet.agent, 1, NULL), 0);
	ck_assert_int_eq(add_domain("app", &engine, timeout, NULL, &domain), 0);
	ck_assert_uint_eq(engine.commits, 1);
}

static void open_watched_world(int timeout)
{
	open_world_by(&virtual_clock, timeout, true);
}

static void open_world(int timeout)
{
	open_world_by(&virtual_clock, timeout, false);
}

static void close_world(void)
{
	domain_unregister(domain);
	virtual_close(supervisor);
	event_base_free(loop);
	ruleset_unref(engine.ruleset);
}

static void ask(struct domain *of, uint64_t id, const char *path)
{
	struct request request = world_request(id, path);

	ck_assert_int_eq(domain_ask(of, &request), 0);
	request_finish(&request);
}

START_TEST(asks_once_for_many)
{
	open_world(60);
	for (uint64_t id = 1; id <= 50; id++)
		ask(domain, id, "/secret");
	ck_assert_uint_eq(puppet.asked, 1);
	ck_assert_uint_eq(engine.answered, 0);
	puppet_decide(&puppet, puppet.open[0], "allow:session");
	ck_assert_uint_eq(engine.answered, 50);
	for (uint64_t id = 1; id <= 50; id++)
		ck_assert_int_eq(engine.answers[id], 1 + ANSWER_RETRY);
	ck_assert(engine_allows(&engine, "/secret"));
	ck_assert(!engine_allows(&engine, "/other"));
	close_world();
}
END_TEST

START_TEST(once_makes_no_rule)
{
	open_world(60);
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_ALLOW_ONCE);
	ck_assert_uint_eq(engine.commits, 1);
	ask(domain, 2, "/secret");
	ck_assert_uint_eq(puppet.asked, 2);
	puppet_decide(&puppet, puppet.open[0], "deny");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_DENY);
	close_world();
}
END_TEST

START_TEST(a_decision_of_an_instant_agent)
{
	open_world(60);
	puppet.answer = "allow:session";
	ask(domain, 1, "/a");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	/* Scripts are no flood. */
	puppet.answer = "allow";
	for (uint64_t id = 2; id < 1000; id++)
		ask(domain, id, "/b");
	ck_assert_int_eq(engine.answers[999], 1 + ANSWER_ALLOW_ONCE);
	close_world();
}
END_TEST

START_TEST(the_deadline_denies)
{
	open_world(1);
	ask(domain, 1, "/secret");
	virtual_pass(supervisor, 999);
	ck_assert_uint_eq(engine.answered, 0);
	virtual_pass(supervisor, 1);
	ck_assert_uint_eq(engine.answered, 1);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_DENY);
	ck_assert_uint_eq(puppet.withdrawn, 1);
	ck_assert_uint_eq(domain->inquiries_count, 0);
	close_world();
}
END_TEST

START_TEST(the_last_asker_withdraws)
{
	open_world(60);
	ask(domain, 1, "/secret");
	ask(domain, 2, "/secret");
	domain_withdraw(domain, 1);
	ck_assert_uint_eq(puppet.withdrawn, 0);
	domain_withdraw(domain, 2);
	ck_assert_uint_eq(puppet.withdrawn, 1);
	ck_assert_uint_eq(engine.answered, 0);
	ck_assert_uint_eq(domain->inquiries_count, 0);
	close_world();
}
END_TEST

START_TEST(a_failed_commit_grants_nothing)
{
	struct ruleset *before;

	open_world(60);
	before = engine.ruleset;
	engine.commit_error = -ENOMEM;
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_DENY);
	ck_assert_ptr_eq(engine.ruleset, before);
	ck_assert_uint_eq(rulebook_count(domain->session), 0);
	engine.commit_error = 0;
	domain_refresh(domain);
	ck_assert(!engine_allows(&engine, "/secret"));
	/* Nothing was persisted: another domain does not have it either. */
	ck_assert_uint_eq(rulebook_count(domain->profile->grants), 0);
	close_world();
}
END_TEST

START_TEST(always_reaches_the_other_domains)
{
	static struct engine second, third;
	struct domain *same, *other;

	open_world(60);
	ck_assert_int_eq(add_domain("app", &second, 60, NULL, &same), 0);
	ck_assert_int_eq(add_domain("b", &third, 60, NULL, &other), 0);
	ask(same, 7, "/secret");
	ask(domain, 1, "/secret");
	ask(other, 9, "/secret");
	ck_assert_uint_eq(puppet.asked, 3);
	puppet_decide(&puppet, puppet.open[1], "allow:always");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	/* The same question of the same app is settled by the new rule. */
	ck_assert_int_eq(second.answers[7], 1 + ANSWER_RETRY);
	ck_assert(engine_allows(&second, "/secret"));
	ck_assert_int_eq(third.answers[9], 0);
	ck_assert(!engine_allows(&third, "/secret"));
	ck_assert_uint_eq(rulebook_count(domain->session), 0);
	domain_unregister(same);
	domain_unregister(other);
	ruleset_unref(second.ruleset);
	ruleset_unref(third.ruleset);
	close_world();
}
END_TEST

START_TEST(answers_wait_for_the_commit)
{
	open_world(60);
	engine.asynchronous = true;
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	ck_assert_uint_eq(engine.answered, 0);
	ck_assert_uint_eq(rulebook_count(domain->profile->grants), 0);
	/* Asked while the commit is under way: not put, it may be settled. */
	ask(domain, 2, "/secret");
	ask(domain, 3, "/other");
	ck_assert_uint_eq(puppet.asked, 1);
	domain_committed(domain, 0);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_RETRY);
	ck_assert_int_eq(engine.answers[3], 0);
	ck_assert_uint_eq(puppet.asked, 2);
	ck_assert_uint_eq(rulebook_count(domain->profile->grants), 1);
	close_world();
}
END_TEST

static int keep_rule(void *userdata, const struct rule *rule)
{
	*(const struct rule **)userdata = rule;
	return 0;
}

/* The store has no lock that anybody could take. */
static void spoil_store(void)
{
	ck_assert_int_eq(
		mkdir(directory_path(virtual_folder, "grants/.app.jsonl.lock"),
		      0700),
		0);
}

/* Should the daemon be killed behind the answer, the program has it still. */
START_TEST(what_is_not_kept_is_handed_over)
{
	const struct rule *rule = NULL;
	const struct rulebook *book;
	uint64_t version;

	open_world(60);
	spoil_store();
	engine.asynchronous = true;
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	domain_committed(domain, 0);
	ck_assert_uint_eq(rulebook_count(domain->profile->grants), 0);
	ck_assert_uint_eq(engine.answered, 0);
	domain_committed(domain, 0);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	book = ruleset_book(domain->committed, DOMAIN_SESSION, &version);
	rulebook_each(book, version, keep_rule, &rule);
	ck_assert_ptr_nonnull(rule);
	ck_assert_str_eq(rule->object.bytes, "/secret");
	close_world();
}
END_TEST

/* Returns: a descriptor that has the lock of the store, as others might. */
static int take_lock(void)
{
	const int lock =
		lock_take(AT_FDCWD, directory_path(virtual_folder,
						   "grants/.app.jsonl.lock"));

	ck_assert_int_ge(lock, 0);
	return lock;
}

START_TEST(an_answer_waits_to_be_kept)
{
	int lock;

	open_world(60);
	lock = take_lock();
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	ask(domain, 2, "/other");
	virtual_pass(supervisor, 100);
	/* In force it is, but nobody has been told that it will be so. */
	ck_assert(engine_allows(&engine, "/secret"));
	ck_assert_uint_eq(engine.answered, 0);
	ck_assert_uint_eq(puppet.asked, 2);
	close(lock);
	virtual_pass(supervisor, 100);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	ck_assert_uint_eq(rulebook_count(domain->profile->grants), 1);
	ck_assert_uint_eq(rulebook_count(domain->provisional), 0);
	close_world();
}
END_TEST

START_TEST(an_answer_does_not_wait_for_ever)
{
	int lock;

	open_world(1);
	lock = take_lock();
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	virtual_pass(supervisor, 2400);
	ck_assert_uint_eq(engine.answered, 0);
	virtual_pass(supervisor, 200);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	ck_assert_uint_eq(rulebook_count(domain->session), 1);
	ck_assert_uint_eq(rulebook_count(domain->provisional), 0);
	close(lock);
	/* It was said to be for the session: so it is. */
	virtual_pass(supervisor, 60000);
	ck_assert_uint_eq(rulebook_count(domain->profile->grants), 0);
	close_world();
}
END_TEST

START_TEST(who_ends_while_an_answer_is_kept)
{
	static struct engine next;
	int lock;

	open_world(60);
	lock = take_lock();
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	domain_unregister(domain);
	close(lock);
	virtual_pass(supervisor, 200);
	ck_assert_int_eq(add_domain("app", &next, 60, NULL, &domain), 0);
	ck_assert(engine_allows(&next, "/secret"));
	ruleset_unref(next.ruleset);
	close_world();
}
END_TEST

/* The one who answered, be it at once, and nobody else. */
START_TEST(who_answered_is_told)
{
	struct puppet other = {.agent = {.ops = &puppet_ops}};

	open_world(60);
	ask(domain, 1, "/secret");
	ck_assert_int_eq(
		supervisor_subscribe(supervisor, &other.agent, 1, NULL), 0);
	spoil_store();
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	ck_assert_uint_eq(puppet.told, 1);
	ck_assert_uint_eq(other.told, 0);
	other.answer = "deny:always";
	ask(domain, 2, "/other");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_DENY);
	ck_assert_uint_eq(puppet.told, 1);
	ck_assert_uint_eq(other.told, 1);
	supervisor_unsubscribe(supervisor, &other.agent);
	close_world();
}
END_TEST

static void ask_as(pid_t pid, uint64_t id)
{
	struct request request = world_request(id, "/secret");

	request.subject.pid = pid;
	ck_assert_int_eq(domain_ask(domain, &request), 0);
	request_finish(&request);
}

#define FIRST 4000001
#define SECOND 4000002
#define THIRD 4000003

/* It is about who was shown; who has only joined is shown next. */
START_TEST(a_process_gets_its_own_rule)
{
	const struct rule *rule = NULL;

	open_world(60);
	ask_as(FIRST, 1);
	ask_as(SECOND, 2);
	ask_as(FIRST, 3);
	ask_as(SECOND, 4);
	ck_assert_uint_eq(puppet.asked, 1);
	puppet_decide(&puppet, puppet.open[0], "allow:process");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	ck_assert_int_eq(engine.answers[3], 1 + ANSWER_RETRY);
	ck_assert_int_eq(engine.answers[2], 0);
	ck_assert_uint_eq(rulebook_count(domain->session), 1);
	rulebook_each(domain->session, rulebook_version(domain->session),
		      keep_rule, &rule);
	ck_assert_int_eq(rule->pid, FIRST);
	ck_assert_uint_eq(puppet.asked, 2);
	ck_assert_int_eq(puppet.shown, SECOND);
	puppet_decide(&puppet, puppet.open[0], "deny:process");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_DENY);
	ck_assert_int_eq(engine.answers[4], 1 + ANSWER_DENY);
	ck_assert_uint_eq(rulebook_count(domain->session), 2);
	ask_as(THIRD, 5);
	ck_assert_int_eq(engine.answers[5], 0);
	ck_assert_uint_eq(puppet.asked, 3);
	close_world();
}
END_TEST

START_TEST(once_is_for_the_process_that_was_shown)
{
	open_world(60);
	ask_as(FIRST, 1);
	ask_as(SECOND, 2);
	ask_as(FIRST, 3);
	ask_as(THIRD, 4);
	puppet_decide(&puppet, puppet.open[0], "allow");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_ALLOW_ONCE);
	ck_assert_int_eq(engine.answers[3], 1 + ANSWER_ALLOW_ONCE);
	ck_assert_uint_eq(engine.answered, 2);
	ck_assert_int_eq(puppet.shown, SECOND);
	puppet_decide(&puppet, puppet.open[0], "deny");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_DENY);
	ck_assert_uint_eq(engine.answered, 3);
	/* The one that is shown has gone: others still are not it. */
	ask_as(SECOND, 5);
	ck_assert_int_eq(puppet.shown, THIRD);
	domain_withdraw(domain, 4);
	puppet_decide(&puppet, puppet.open[0], "allow");
	ck_assert_uint_eq(engine.answered, 3);
	ck_assert_int_eq(puppet.shown, SECOND);
	puppet_decide(&puppet, puppet.open[0], "allow:session");
	ck_assert_int_eq(engine.answers[5], 1 + ANSWER_RETRY);
	close_world();
}
END_TEST

/* For how long it is about everybody, everybody gets it. */
START_TEST(a_session_is_everybody_s)
{
	open_world(60);
	ask_as(FIRST, 1);
	ask_as(SECOND, 2);
	puppet_decide(&puppet, puppet.open[0], "allow:session");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_RETRY);
	ck_assert_uint_eq(puppet.asked, 1);
	close_world();
}
END_TEST

/* A number that is not known is nobody's in particular. */
START_TEST(an_unknown_process_is_no_other)
{
	open_world(60);
	ask_as(0, 1);
	ask_as(0, 2);
	puppet_decide(&puppet, puppet.open[0], "allow");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_ALLOW_ONCE);
	ck_assert_int_eq(engine.answers[2], 0);
	ck_assert_uint_eq(puppet.asked, 2);
	close_world();
}
END_TEST

/* Nobody is there: nobody is asked about the others either. */
START_TEST(an_agent_of_that_name_has_answered)
{
	struct decision decision = {.agent = strdup("none")};

	open_world(60);
	ask_as(FIRST, 1);
	ask_as(SECOND, 2);
	decision.unanswered = true;
	agent_decide(&puppet.agent, puppet.open[0], &decision);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_DENY);
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_DENY);
	ck_assert_uint_eq(puppet.asked, 1);
	/* But what an agent is called says nothing. */
	decision.unanswered = false;
	ask_as(FIRST, 3);
	ask_as(SECOND, 4);
	agent_decide(&puppet.agent, puppet.open[1], &decision);
	ck_assert_int_eq(engine.answers[3], 1 + ANSWER_DENY);
	ck_assert_int_eq(engine.answers[4], 0);
	ck_assert_uint_eq(puppet.asked, 3);
	decision_finish(&decision);
	close_world();
}
END_TEST

START_TEST(a_flood_is_denied)
{
	char path[32];

	open_world(60);
	for (uint64_t id = 1; id <= 300; id++) {
		snprintf(path, sizeof(path), "/f%d", (int)id);
		ask(domain, id, path);
	}
	ck_assert_uint_le(puppet.asked, RATELIMIT_BURST);
	ck_assert_uint_ge(engine.answered, 300 - RATELIMIT_BURST);
	ck_assert_int_eq(engine.answers[300], 1 + ANSWER_DENY);
	/* Until it has been quiet. */
	virtual_pass(supervisor, RATELIMIT_QUIET_MS - 1);
	ask(domain, 301, "/f");
	ck_assert_int_eq(engine.answers[301], 1 + ANSWER_DENY);
	virtual_pass(supervisor, RATELIMIT_QUIET_MS);
	ask(domain, 302, "/f");
	ck_assert_int_eq(engine.answers[302], 0);
	close_world();
}
END_TEST

START_TEST(an_agent_that_goes_hands_on)
{
	static struct puppet next;

	open_world(60);
	next.agent.ops = &puppet_ops;
	ck_assert_int_eq(supervisor_subscribe(supervisor, &next.agent, 1, NULL),
			 0);
	ask(domain, 1, "/secret");
	ck_assert_uint_eq(next.asked, 1);
	ck_assert_uint_eq(puppet.asked, 0);
	supervisor_unsubscribe(supervisor, &next.agent);
	ck_assert_uint_eq(puppet.asked, 1);
	supervisor_unsubscribe(supervisor, &puppet.agent);
	/* Nobody is left: denied once. */
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_DENY);
	close_world();
}
END_TEST

static size_t committed;

static void on_granted(void *userdata, int error, size_t count)
{
	(void)userdata;
	ck_assert_int_eq(error, 0);
	committed = count;
}

START_TEST(a_grant_settles_open_questions)
{
	const struct rule *kept = NULL;
	struct rules rules = {0};
	struct rule rule = {.layer = LAYER_USER,
			    .effect = EFFECT_ALLOW,
			    .rights = RIGHT_FS_READ_FILE,
			    .beneath = true};
	char id[64];

	open_world(60);
	ask(domain, 1, "/dir/file");
	ck_assert_int_eq(object_init_path(&rule.object, "/dir"), 0);
	ck_assert_int_eq(rules_take(&rules, &rule), 0);
	ck_assert_int_eq(grant_add(&supervisor->registry, "app", &rules, true,
				   on_granted, NULL),
			 0);
	ck_assert_uint_eq(committed, 1);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	ck_assert_uint_eq(puppet.withdrawn, 1);
	ck_assert_uint_eq(rulebook_count(domain->profile->grants), 1);
	rulebook_each(domain->profile->grants,
		      rulebook_version(domain->profile->grants), keep_rule,
		      &kept);
	snprintf(id, sizeof(id), "%s", kept->id);
	/* It is reported when it is in force, and not before. */
	committed = 0;
	engine.asynchronous = true;
	ck_assert_int_eq(grant_revoke(&supervisor->registry, "app", id,
				      on_granted, NULL),
			 0);
	ck_assert_uint_eq(committed, 0);
	engine.asynchronous = false;
	domain_committed(domain, 0);
	ck_assert_uint_eq(committed, 1);
	domain_refresh(domain);
	ck_assert(!engine_allows(&engine, "/dir/file"));
	ck_assert_int_eq(grant_revoke(&supervisor->registry, "app", id,
				      on_granted, NULL),
			 -ENOENT);
	close_world();
}
END_TEST

/* Another program persists a grant of the app. */
static void add_foreign_grant(const char *path)
{
	struct rule rule = {.layer = LAYER_USER,
			    .effect = EFFECT_ALLOW,
			    .rights = RIGHT_FS_READ_FILE};
	struct rules rules = {0};
	struct grants *grants;

	ck_assert_int_eq(grants_open(&grants,
				     directory_path(virtual_folder, "grants"),
				     "app"),
			 0);
	ck_assert_int_eq(object_init_path(&rule.object, path), 0);
	ck_assert_int_eq(rules_take(&rules, &rule), 0);
	ck_assert_int_eq(grants_add(grants, &rules, "another",
				    clock_wall(&virtual_clock)),
			 0);
	rules_finish(&rules);
	grants_close(grants);
}

START_TEST(its_own_grants_are_no_change)
{
	int64_t loaded;

	open_watched_world(60);
	loaded = domain->profile->loaded;
	virtual_pass(supervisor, 1);
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	ck_assert_uint_eq(engine.commits, 2);
	/* The watch has seen it. */
	WORLD_UNTIL(loop, domain->profile->loaded > loaded);
	ck_assert_uint_eq(engine.commits, 2);
	add_foreign_grant("/foreign");
	WORLD_UNTIL(loop, engine_allows(&engine, "/foreign"));
	ck_assert_uint_eq(engine.commits, 3);
	ck_assert(engine_allows(&engine, "/secret"));
	close_world();
}
END_TEST

/* Read along with a grant of its own, and so nothing new to the watch. */
START_TEST(a_foreign_grant_is_not_lost)
{
	open_watched_world(60);
	ask(domain, 1, "/secret");
	add_foreign_grant("/foreign");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	ck_assert(engine_allows(&engine, "/secret"));
	ck_assert(engine_allows(&engine, "/foreign"));
	close_world();
}
END_TEST

START_TEST(apps_without_files_share_a_policy)
{
	static struct engine second, third;
	const struct profile *kept;
	struct domain *other;

	open_world(60);
	ck_assert_int_eq(add_domain("other", &second, 60, NULL, &other), 0);
	kept = other->profile;
	ck_assert_ptr_ne(kept, domain->profile);
	ck_assert_ptr_eq(kept->shared, domain->profile->shared);
	domain_unregister(other);
	/* For the next one. */
	ck_assert_uint_eq(domain->profile->shared->references, 2);
	ck_assert_int_eq(add_domain("other", &third, 60, NULL, &other), 0);
	ck_assert_ptr_eq(other->profile, kept);
	ck_assert_uint_eq(kept->references, 1);
	domain_unregister(other);
	ruleset_unref(second.ruleset);
	ruleset_unref(third.ruleset);
	close_world();
}
END_TEST

/* However many programs of as many apps end in whatever order. */
START_TEST(some_apps_are_kept)
{
	enum { APPS = 40 };
	static struct engine engines[APPS];
	struct domain *others[APPS];
	const struct profile *profile;
	int kept = -1; /* but for the one that runs */

	open_world(60);
	for (int i = 0; i < APPS; i++) {
		char app[16];

		snprintf(app, sizeof(app), "app-%d", i);
		ck_assert_int_eq(
			add_domain(app, &engines[i], 60, NULL, &others[i]), 0);
	}
	for (int i = 0; i < APPS; i++)
		domain_unregister(others[i * 7 % APPS]);
	TAILQ_FOREACH (profile, &supervisor->registry.profiles.list, link)
		kept++;
	ck_assert_int_gt(kept, 0);
	ck_assert_int_lt(kept, APPS);
	/* The last ones, of which each is there. */
	profile = TAILQ_LAST(&supervisor->registry.profiles.list, profile_list);
	ck_assert_str_eq(profile->app, "app-33");
	for (int i = 0; i < APPS; i++)
		ruleset_unref(engines[i].ruleset);
	close_world();
}
END_TEST

/* As many as there are questions: no answer is turned around. */
START_TEST(thousands_of_answers)
{
	char path[64];

	open_world(60);
	puppet.answer = "allow:session";
	for (int i = 0; i < 6000; i++) {
		snprintf(path, sizeof(path), "/dir/%d", i);
		ask(domain, 1, path);
		ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
		engine.answers[1] = 0;
	}
	ck_assert(engine_allows(&engine, "/dir/0"));
	ck_assert(engine_allows(&engine, "/dir/5999"));
	ck_assert_uint_eq(rulebook_count(domain->session), 6000);
	close_world();
}
END_TEST

/* What it allowed is gone with the process, and so is the memory for it. */
START_TEST(rules_of_ended_processes_go)
{
	open_world(60);
	puppet.answer = "allow:process";
	for (pid_t i = 0; i < 3000; i++) {
		ask_as(FIRST + i, 1);
		ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
		engine.answers[1] = 0;
	}
	ck_assert_uint_lt(rulebook_count(domain->session), 1100);
	close_world();
}
END_TEST

START_TEST(nested_domains_persist_nothing)
{
	open_world(60);
	domain->nested = true;
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_RETRY);
	ck_assert_uint_eq(rulebook_count(domain->session), 1);
	ck_assert_uint_eq(rulebook_count(domain->profile->grants), 0);
	close_world();
}
END_TEST

START_TEST(rules_expire)
{
	open_world(60);
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:3s");
	ck_assert(engine_allows(&engine, "/secret"));
	virtual_pass(supervisor, 2999);
	ck_assert(engine_allows(&engine, "/secret"));
	ck_assert_uint_eq(engine.commits, 2);
	virtual_pass(supervisor, 1);
	ck_assert(!engine_allows(&engine, "/secret"));
	/* It is not only judged by no more: it has gone. */
	ck_assert_uint_eq(engine.commits, 3);
	ck_assert_int_eq(ruleset_next_expiry(engine.ruleset), 0);
	close_world();
}
END_TEST

/* --- Clocks -------------------------------------------------------- */

/* From the moment it is set: nobody has to be woken for that. */
START_TEST(a_clock_that_is_set)
{
	open_world(60);
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:1h");
	ck_assert(engine_allows(&engine, "/secret"));
	virtual_wall += 2 * VIRTUAL_HOUR;
	ck_assert(!engine_allows(&engine, "/secret"));
	/* It is asked for anew, and what it is answered counts. */
	ask(domain, 2, "/secret");
	ck_assert_uint_eq(puppet.asked, 2);
	puppet_decide(&puppet, puppet.open[0], "deny");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_DENY);
	close_world();
}
END_TEST

static int64_t ahead; /* what the clock is set to, from the real one */

static int64_t read_ahead(const struct clock *clock)
{
	(void)clock;
	return clock_real.wall(&clock_real) + ahead;
}

static int64_t read_boot(const struct clock *clock)
{
	(void)clock;
	return clock_real.boot(&clock_real);
}

/*
 * The kernel tells when its clock is set, which it is here to what it is. The
 * clock of the core is two hours on by then: the rule goes, an hour before any
 * timer that was set for it.
 */
START_TEST(who_waits_for_a_time_is_woken)
{
	static const struct clock clock = {read_ahead, read_boot, true};
	struct timespec now;
	unsigned int commits;

	open_world_by(&clock, 60, false);
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:1h");
	commits = engine.commits;
	ahead = 2 * VIRTUAL_HOUR;
	clock_gettime(CLOCK_REALTIME, &now);
	if (clock_settime(CLOCK_REALTIME, &now) == 0) {
		WORLD_UNTIL(loop, engine.commits > commits);
		ck_assert_uint_eq(rulebook_count(domain->profile->grants), 0);
	}
	ahead = 0;
	close_world();
}
END_TEST

START_TEST(ending_with_open_questions)
{
	open_world(60);
	engine.asynchronous = true;
	ask(domain, 1, "/secret");
	ask(domain, 2, "/other");
	puppet_decide(&puppet, puppet.open[0], "allow:always");
	domain = domain_unregister(domain);
	ck_assert_uint_eq(puppet.withdrawn, 1);
	close_world();
}
END_TEST

UNIT_MAIN("supervision", asks_once_for_many, once_makes_no_rule,
	  a_decision_of_an_instant_agent, the_deadline_denies,
	  the_last_asker_withdraws, a_failed_commit_grants_nothing,
	  always_reaches_the_other_domains, answers_wait_for_the_commit,
	  what_is_not_kept_is_handed_over, who_answered_is_told,
	  an_answer_waits_to_be_kept, an_answer_does_not_wait_for_ever,
	  who_ends_while_an_answer_is_kept, a_process_gets_its_own_rule,
	  once_is_for_the_process_that_was_shown, a_session_is_everybody_s,
	  an_unknown_process_is_no_other, an_agent_of_that_name_has_answered,
	  a_flood_is_denied, an_agent_that_goes_hands_on,
	  a_grant_settles_open_questions, its_own_grants_are_no_change,
	  a_foreign_grant_is_not_lost, apps_without_files_share_a_policy,
	  some_apps_are_kept, thousands_of_answers, rules_of_ended_processes_go,
	  nested_domains_persist_nothing, rules_expire, a_clock_that_is_set,
	  who_waits_for_a_time_is_woken, ending_with_open_questions);
