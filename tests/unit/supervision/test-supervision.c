/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions are put once, and what nobody answers is denied.
 */
#include "one_domain.h"

#include "supervision/commit.h"
#include "supervision/inquiry.h"

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

/* Whoever is at it has time, but not for ever. */
START_TEST(the_deadline_is_put_off)
{
	int64_t deadline, begun;

	open_world(60);
	begun = clock_boot(&virtual_clock);
	ask(domain, 1, "/secret");
	virtual_pass(supervisor, 59999);
	ck_assert_int_eq(
		supervisor_postpone(supervisor, puppet.open[0], &deadline), 0);
	ck_assert_int_eq(deadline, begun + 59999 + 60000);
	ck_assert_int_eq(engine.postponed, deadline);
	virtual_pass(supervisor, 59999);
	ck_assert_uint_eq(engine.answered, 0);
	for (int minute = 0; minute < 70 && engine.answered == 0; minute++) {
		supervisor_postpone(supervisor, puppet.open[0], &deadline);
		ck_assert_int_le(deadline, begun + 3600 * 1000);
		virtual_pass(supervisor, 59000);
	}
	ck_assert_uint_eq(engine.answered, 1);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_DENY);
	ck_assert_int_eq(engine.postponed, begun + 3600 * 1000);
	ck_assert_int_eq(supervisor_postpone(supervisor, 4711, &deadline),
			 -ENOENT);
	close_world();
}
END_TEST

START_TEST(who_asks_is_stopped)
{
	open_world(60);
	ask(domain, 1, "/secret");
	ck_assert_int_eq(inquiry_stop(inquiry_by_id(&supervisor->registry,
						    puppet.open[0]),
				      "somebody"),
			 0);
	ck_assert_uint_eq(engine.stopped, 1);
	ck_assert_uint_eq(engine.answered, 0);
	close_world();
}
END_TEST

static unsigned int summoned;

static bool summon(void *userdata)
{
	(void)userdata;
	summoned++;
	return true;
}

/* Who was sent for has some seconds; then the question has all of its time. */
START_TEST(an_agent_is_sent_for)
{
	open_world(60);
	summoned = 0;
	supervisor->registry.summon = summon;
	supervisor_unsubscribe(supervisor, &puppet.agent);
	ask(domain, 1, "/secret");
	ck_assert_uint_eq(summoned, 1);
	virtual_pass(supervisor, 9999);
	ck_assert_uint_eq(engine.answered, 0);
	virtual_pass(supervisor, 1);
	ck_assert_int_eq(engine.answers[1], 1 + ANSWER_DENY);
	ask(domain, 2, "/secret");
	virtual_pass(supervisor, 9999);
	ck_assert_int_eq(
		supervisor_subscribe(supervisor, &puppet.agent, 1, NULL), 0);
	ck_assert_uint_eq(puppet.open_count, 1);
	virtual_pass(supervisor, 59999);
	ck_assert_int_eq(engine.answers[2], 0);
	puppet_decide(&puppet, puppet.open[0], "allow");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_ALLOW_ONCE);
	/* Nobody comes: at once. */
	supervisor_unsubscribe(supervisor, &puppet.agent);
	ask(domain, 3, "/secret");
	ask_no_more(&supervisor->registry);
	ck_assert_int_eq(engine.answers[3], 1 + ANSWER_DENY);
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
	  the_deadline_is_put_off, who_asks_is_stopped, an_agent_is_sent_for,
	  the_last_asker_withdraws, a_process_gets_its_own_rule,
	  once_is_for_the_process_that_was_shown, a_session_is_everybody_s,
	  an_unknown_process_is_no_other, an_agent_of_that_name_has_answered,
	  a_flood_is_denied, an_agent_that_goes_hands_on, thousands_of_answers,
	  rules_of_ended_processes_go, ending_with_open_questions);
