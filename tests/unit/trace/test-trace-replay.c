/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay: what was asked is judged by other rules, with the clock, lifetimes
 * and scopes of the trace.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "agent/answer.h"
#include "core/decision.h"
#include "replay/replay.h"
#include "trace/codec.h"
#include "unit.h"

/* A world in which one policy holds and results are noted. */
static struct rules policy;
static bool recorded;
static char said[4096];	   /* "old>new:who " of each that is judged */
static const char *script; /* as --answer has it; NULL: as recorded */

static int load(void *userdata, const char *app, struct rules *ret)
{
	(void)userdata;
	(void)app;
	return rules_append(ret, &policy);
}

static void judged(void *userdata, const struct replay_result *result)
{
	const char *who = result->new.who;

	(void)userdata;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s>%s%s%s ",
		 replay_outcome_name(result->old.outcome),
		 replay_outcome_name(result->new.outcome), who ? ":" : "",
		 who ? who : "");
}

/* "EFFECT RIGHT OBJECT ORIGIN"; two asterisks for all that is beneath. */
static void add_rule(struct rules *rules, const char *text)
{
	char effect[16], right[64], object[256], origin[64];
	struct rule rule = {.layer = LAYER_USER};
	const char *expected;
	char *beneath;

	ck_assert_int_eq(sscanf(text, "%15s %63s %255s %63s", effect, right,
				object, origin),
			 4);
	beneath = strstr(object, "/**");
	if (beneath)
		*beneath = '\0';
	ck_assert_int_eq(effect_parse(effect, &rule.effect), 0);
	ck_assert_int_eq(right_parse(right, &rule.rights), 0);
	ck_assert_int_eq(object_parse(object, rule.rights, &rule.object,
				      &rule.beneath, &expected),
			 0);
	rule.beneath = beneath;
	rule.rights &= object_rights(rule.object.type);
	rule.origin = strdup(origin);
	ck_assert_int_eq(rules_take(rules, &rule), 0);
}

static void set_policy(const char *const *lines)
{
	rules_finish(&policy);
	for (; *lines; lines++)
		add_rule(&policy, *lines);
}

#define POLICY(...) set_policy((const char *const[]){__VA_ARGS__, NULL})

static struct replay_counts play(const char *const *lines)
{
	struct replay_options options = {
		.load = recorded ? NULL : load,
		.judged = judged,
	};
	struct replay_clock clock;
	const struct trace_place place = {"t", 1};
	struct replay_counts counts;
	struct trace_entry entry;
	struct replay *replay;
	const char *problem;

	said[0] = '\0';
	replay_clock_init(&clock);
	options.clock = &clock;
	if (script)
		ck_assert_int_eq(answer_agent_new(&options.agent, script,
						  &clock.clock, &problem),
				 0);
	ck_assert_int_eq(replay_new(&replay, &options), 0);
	for (; *lines; lines++) {
		ck_assert_msg(trace_decode(*lines, strlen(*lines), &entry,
					   &problem) == 0,
			      "%s: %s", problem, *lines);
		ck_assert_int_eq(replay_take(replay, &entry, &place), 0);
	}
	ck_assert_int_eq(replay_end(replay), 0);
	counts = replay_counts(replay);
	replay_free(replay);
	agent_free(options.agent);
	return counts;
}

#define PLAY(...) play((const char *const[]){__VA_ARGS__, NULL})

#define HEAD                                                              \
	"{\"time\":1,\"event\":\"header\",\"format\":\"landlord-trace\"," \
	"\"version\":1,\"app\":\"a\",\"uid\":1}"
#define ASKED(at, id, right, path)                                          \
	"{\"time\":" #at ",\"event\":\"request\",\"id\":" #id               \
	",\"generation\":1,\"pid\":7,\"start\":3,\"uid\":1,\"accesses\":[{" \
	"\"rights\":\"" right "\",\"object\":\"" path "\"}]}"
#define JUDGED(event, path)                                               \
	"{\"time\":9,\"event\":\"" event "\",\"generation\":1,\"pid\":7," \
	"\"uid\":1,\"rule\":\"r\",\"accesses\":[{\"rights\":"             \
	"\"fs.read_file\",\"object\":\"" path "\"}]}"
#define DECIDED(at, id, how)                                   \
	"{\"time\":" #at ",\"event\":\"decision\",\"id\":" #id \
	",\"by\":\"agent\",\"agent\":\"me\"," how "}"
#define ONCE "\"lifetime\":\"once\",\"outcome\":\"allow\""
#define DENY "\"lifetime\":\"once\",\"outcome\":\"deny\""
#define SESSION "\"lifetime\":\"session\",\"outcome\":\"allow\""
#define PROCESS "\"lifetime\":\"process\",\"outcome\":\"allow\""
#define ANSWERED(at, id, how)                                \
	"{\"time\":" #at ",\"event\":\"answer\",\"id\":" #id \
	",\"answer\":\"" how "\"}"
#define RULE(kind, path)                                             \
	"{\"time\":2,\"event\":\"commit\",\"generation\":2,\"" kind  \
	"\":[{\"layer\":\"user\",\"effect\":\"allow\",\"rights\":"   \
	"\"fs.read_file\",\"object\":\"" path "\",\"beneath\":true," \
	"\"origin\":\"later\"}]}"
#define FIRST "{\"time\":1,\"event\":\"commit\",\"generation\":1}"
#define READ "fs.read_file"

static void reset(void)
{
	recorded = false;
	script = NULL;
	POLICY("allow read /usr/** base:1");
}

static void finish(void)
{
	rules_finish(&policy);
}

START_TEST(answers_are_given_again)
{
	struct replay_counts counts;

	counts = PLAY(HEAD, ASKED(2, 1, READ, "/a"), DECIDED(3, 1, ONCE),
		      ANSWERED(3, 1, "allow"), ASKED(4, 2, READ, "/a"),
		      DECIDED(5, 2, DENY), ANSWERED(5, 2, "deny"),
		      ASKED(6, 3, READ, "/b"), ANSWERED(7, 3, "deny"));
	ck_assert_str_eq(said, "allow>allow:me deny>deny:me deny>deny ");
	ck_assert_uint_eq(counts.judged, 3);
	ck_assert_uint_eq(counts.runs, 1);
}
END_TEST

START_TEST(rules_come_first)
{
	POLICY("allow read /a base:1", "deny read /b/** base:2");
	PLAY(HEAD, ASKED(2, 1, READ, "/b/x"), DECIDED(3, 1, ONCE),
	     ANSWERED(3, 1, "allow"), ASKED(4, 2, READ, "/a"),
	     DECIDED(5, 2, DENY), ANSWERED(5, 2, "deny"));
	ck_assert_str_eq(said, "allow>deny:base:2 deny>allow:base:1 ");
}
END_TEST

START_TEST(unasked_is_judged)
{
	struct replay_counts counts;

	POLICY("allow read /a base:1", "deny read /b base:2");
	counts = PLAY(HEAD, JUDGED("allowed", "/a"), JUDGED("allowed", "/b"),
		      JUDGED("allowed", "/c"), JUDGED("refused", "/a"),
		      JUDGED("refused", "/b"), JUDGED("refused", "/c"),
		      "{\"time\":1,\"event\":\"refused\",\"generation\":1,"
		      "\"pid\":1,\"uid\":1,\"reason\":\"no\",\"accesses\":[{"
		      "\"rights\":\"ptrace\",\"object\":\"pid:1\"}]}");
	ck_assert_str_eq(said, "allow>allow:base:1 allow>deny:base:2 allow>ask "
			       "deny>allow:base:1 deny>deny:base:2 deny>ask ");
	ck_assert_uint_eq(counts.fixed, 1);
}
END_TEST

/* A session's answer is a rule from then on, for what it was about. */
START_TEST(answers_make_rules)
{
	PLAY(HEAD, ASKED(2, 1, READ, "/d/a"),
	     DECIDED(3, 1, SESSION ",\"beneath\":\"/d\""),
	     ANSWERED(3, 1, "retry"), ASKED(4, 2, READ, "/d/b"),
	     ANSWERED(4, 2, "deny"), ASKED(4, 3, READ, "/db"),
	     ANSWERED(4, 3, "deny"), ASKED(4, 4, "fs.write_file", "/d/a"),
	     ANSWERED(4, 4, "deny"));
	ck_assert_str_eq(said, "allow>allow:me "
			       "deny>allow:me, 1970-01-01T00:00:03Z "
			       "deny>deny deny>deny ");
}
END_TEST

START_TEST(a_process_rule_is_its_own)
{
	PLAY(HEAD, ASKED(2, 1, READ, "/a"), DECIDED(3, 1, PROCESS),
	     ANSWERED(3, 1, "retry"), ASKED(4, 2, READ, "/a"),
	     ANSWERED(4, 2, "deny"),
	     "{\"time\":5,\"event\":\"request\",\"id\":3,\"generation\":1,"
	     "\"pid\":7,\"start\":4,\"uid\":1,\"accesses\":[{\"rights\":"
	     "\"fs.read_file\",\"object\":\"/a\"}]}",
	     ANSWERED(5, 3, "deny"));
	ck_assert_str_eq(said, "allow>allow:me "
			       "deny>allow:me, 1970-01-01T00:00:03Z "
			       "deny>deny ");
}
END_TEST

/* By the clock of the trace. */
START_TEST(what_ends_ends_then)
{
	PLAY(HEAD, ASKED(2, 1, READ, "/a"),
	     DECIDED(100, 1,
		     "\"outcome\":\"allow\",\"lifetime\":\"until\","
		     "\"until\":160"),
	     ANSWERED(100, 1, "retry"), ASKED(159, 2, READ, "/a"),
	     ANSWERED(159, 2, "deny"), ASKED(160, 3, READ, "/a"),
	     ANSWERED(160, 3, "deny"));
	ck_assert_str_eq(said, "allow>allow:me "
			       "deny>allow:me, 1970-01-01T00:01:40Z "
			       "deny>deny ");
}
END_TEST

/* What an answer allowed lets others pass who waited for the same. */
START_TEST(waiters_are_settled)
{
	PLAY(HEAD, ASKED(2, 1, READ, "/d/a"), ASKED(2, 2, READ, "/d/b"),
	     DECIDED(3, 1, SESSION ",\"beneath\":\"/d\""),
	     ANSWERED(3, 1, "retry"), ANSWERED(3, 2, "retry"));
	ck_assert_str_eq(said, "allow>allow:me "
			       "allow>allow:me, 1970-01-01T00:00:03Z ");
}
END_TEST

/* Grants that come from outside count; those that a decision made, once. */
START_TEST(grants_from_outside)
{
	PLAY(HEAD, FIRST, RULE("session", "/d"), ASKED(3, 1, READ, "/d/a"),
	     ANSWERED(3, 1, "deny"));
	ck_assert_str_eq(said, "deny>allow:later ");
	PLAY(HEAD, FIRST, RULE("session", "/d"), RULE("removed", "/d"),
	     ASKED(3, 1, READ, "/d/a"), ANSWERED(3, 1, "deny"));
	ck_assert_str_eq(said, "deny>deny ");
	/* The policy refuses now what led to the answer that made the rule. */
	POLICY("deny read /d/a base:1");
	PLAY(HEAD, FIRST, ASKED(2, 1, READ, "/d/a"), RULE("session", "/d"),
	     DECIDED(3, 1, SESSION ",\"beneath\":\"/d\""),
	     ANSWERED(3, 1, "retry"), ASKED(4, 2, READ, "/d/b"),
	     ANSWERED(4, 2, "deny"));
	ck_assert_str_eq(said, "allow>deny:base:1 deny>deny ");
}
END_TEST

/* The first commit has the rules of the files, which are others now. */
START_TEST(recorded_rules)
{
	PLAY(HEAD, RULE("added", "/d"), JUDGED("allowed", "/d/a"));
	ck_assert_str_eq(said, "allow>ask ");
	recorded = true;
	PLAY(HEAD, RULE("added", "/d"), JUDGED("allowed", "/d/a"));
	ck_assert_str_eq(said, "allow>allow:later ");
	recorded = false;
	PLAY(HEAD, RULE("session", "/d"), JUDGED("allowed", "/d/a"));
	ck_assert_str_eq(said, "allow>allow:later ");
}
END_TEST

START_TEST(other_answers)
{
	script = "deny";
	PLAY(HEAD, ASKED(2, 1, READ, "/a"), DECIDED(3, 1, ONCE),
	     ANSWERED(3, 1, "allow"), JUDGED("refused", "/a"));
	ck_assert_str_eq(said, "allow>deny:--answer deny>deny:--answer ");
	script = "allow:session:beneath:/d";
	PLAY(HEAD, ASKED(2, 1, READ, "/d/a"), DECIDED(3, 1, DENY),
	     ANSWERED(3, 1, "deny"), JUDGED("allowed", "/d/b"));
	ck_assert_str_eq(said, "deny>allow:--answer "
			       "allow>allow:--answer, 1970-01-01T00:00:02Z ");
}
END_TEST

/* Nobody answered, which is no answer of anybody's. */
START_TEST(unanswered)
{
	struct replay_counts counts;

	counts = PLAY(HEAD, ASKED(2, 1, READ, "/a"),
		      "{\"time\":3,\"event\":\"decision\",\"id\":1,\"outcome\":"
		      "\"deny\",\"lifetime\":\"once\",\"by\":\"timeout\","
		      "\"unanswered\":true}",
		      ANSWERED(3, 1, "deny"), ASKED(4, 2, READ, "/b"),
		      "{\"time\":4,\"event\":\"withdraw\",\"id\":2}",
		      ASKED(5, 3, READ, "/usr/x"), ASKED(5, 4, READ, "/c"));
	ck_assert_str_eq(said, "ask>ask ask>ask ask>allow:base:1 ");
	ck_assert_uint_eq(counts.withdrawn, 1);
}
END_TEST

/* Runs that are mixed have nothing to do with each other. */
START_TEST(many_runs)
{
	const struct replay_options options = {.load = load, .judged = judged};
	const struct trace_place place = {"t", 1};
	struct trace_entry entry;
	struct replay *replay;
	char line[512];

	said[0] = '\0';
	ck_assert_int_eq(replay_new(&replay, &options), 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line),
			 "{\"run\":\"r%d\",\"time\":1,\"event\":\"header\","
			 "\"format\":\"landlord-trace\",\"version\":1,"
			 "\"uid\":1}",
			 i % 300);
		ck_assert_int_eq(trace_decode(line, strlen(line), &entry, NULL),
				 0);
		ck_assert_int_eq(replay_take(replay, &entry, &place), 0);
	}
	ck_assert_uint_eq(replay_counts(replay).runs, 1000);
	replay_free(replay);
	ck_assert_uint_eq(PLAY(ASKED(2, 1, READ, "/a"),
			       "{\"time\":3,"
			       "\"event\":\"answer\",\"id\":9,\"answer\":"
			       "\"deny\"}")
				  .stray,
			  2);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		answers_are_given_again,
		rules_come_first,
		unasked_is_judged,
		answers_make_rules,
		a_process_rule_is_its_own,
		what_ends_ends_then,
		waiters_are_settled,
		grants_from_outside,
		recorded_rules,
		other_answers,
		unanswered,
		many_runs,
	};
	TCase *tcase = tcase_create("trace-replay");

	tcase_add_checked_fixture(tcase, reset, finish);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	return unit_run_case("trace-replay", tcase);
}
