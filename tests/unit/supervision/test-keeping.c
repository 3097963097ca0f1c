/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commits come before answers and grants, and what is told to be kept is kept.
 */
#include "one_domain.h"

#include <fcntl.h>

#include "base/lock.h"
#include "supervision/commit.h"
#include "supervision/granting.h"
#include "supervision/profile.h"

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

UNIT_MAIN("keeping", a_failed_commit_grants_nothing,
	  always_reaches_the_other_domains, answers_wait_for_the_commit,
	  what_is_not_kept_is_handed_over, an_answer_waits_to_be_kept,
	  an_answer_does_not_wait_for_ever, who_ends_while_an_answer_is_kept,
	  who_answered_is_told, a_grant_settles_open_questions,
	  its_own_grants_are_no_change, a_foreign_grant_is_not_lost,
	  nested_domains_persist_nothing);
