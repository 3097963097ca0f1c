/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recorder: it hands on every call as it is, and writes it in the order in
 * which it counts: a commit before the answer that relies on it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "directory.h"
#include "trace/reader.h"
#include "trace/recorder.h"
#include "unit.h"

/* What reached the decider, and the engine. */
static char decider_said[256], engine_said[256];
static int ask_error, commit_error;
static struct recorder *recorder;

static void note(char *said, const char *what, uint64_t id)
{
	sprintf(said + strlen(said), "%s%d ", what, (int)id);
}

static int ask(struct decider *decider, const struct request *request)
{
	(void)decider;
	note(decider_said, "ask", request->id);
	/* An answer may come at once. */
	if (request->id == 100)
		recorder_events.answer(recorder, 100, ANSWER_ALLOW_ONCE);
	return ask_error;
}

static void withdraw(struct decider *decider, uint64_t id)
{
	(void)decider;
	note(decider_said, "withdraw", id);
}

static void refused(struct decider *decider, const struct request *request,
		    const char *reason)
{
	(void)decider;
	note(decider_said, reason ? reason : "refused", request->id);
}

static struct decider *end(struct decider *decider)
{
	(void)decider;
	note(decider_said, "free", 0);
	return NULL;
}

static const struct decider_ops ops = {ask, withdraw, refused, end};
static struct decider inner = {.ops = &ops};

static int commit(void *engine, struct ruleset *ruleset)
{
	(void)engine;
	note(engine_said, "commit", ruleset_generation(ruleset));
	return commit_error;
}

static void answered(void *engine, uint64_t id, enum answer answer)
{
	(void)engine;
	note(engine_said, trace_answer_name(answer), id);
}

static const struct decider_events events = {.commit = commit,
					     .answer = answered};
static struct decider *outer;
static char *directory;

static void begin(void)
{
	const struct trace_header header = {.app = (char[]){"t"}, .uid = 3};
	struct trace_writer *writer;

	directory = directory_make();
	decider_said[0] = engine_said[0] = '\0';
	ask_error = commit_error = 0;
	ck_assert_int_eq(recorder_new(&recorder, &header), 0);
	ck_assert_int_eq(
		trace_writer_open(&writer, directory_path(directory, "t"), 0),
		0);
	recorder_add(recorder, writer);
	recorder_listen(recorder, &events, NULL);
	outer = recorder_wrap(recorder, &inner);
}

/* Ends it. Returns: the events of the trace, with what they came to. */
static const char *trace(void)
{
	static char said[1024];
	char name[128];
	char *const files[] = {name, NULL};
	struct trace_reader *reader;
	struct trace_entry entry;
	struct trace_place place;

	outer->ops->free(outer);
	strcpy(name, directory_path(directory, "t"));
	said[0] = '\0';
	ck_assert_int_eq(trace_reader_new(&reader, files, NULL, NULL), 0);
	while (trace_reader_next(reader, &entry, &place) == 1) {
		const struct trace_decision *decision = &entry.decision;
		char *at = said + strlen(said);

		strcpy(at, trace_event_name(entry.event));
		if (entry.event == TRACE_DECISION)
			sprintf(at, "%s:%s:%s",
				outcome_name(decision->decision.outcome),
				trace_by_name(decision->by),
				decision->rule ? decision->rule : "");
		if (entry.event == TRACE_REFUSED)
			sprintf(at, "refused:%s",
				entry.request.rule ? entry.request.rule
						   : entry.request.reason);
		if (entry.event == TRACE_END)
			sprintf(at, "end:%d/%d/%d/%d", entry.end.status,
				(int)entry.end.asked, (int)entry.end.allowed,
				(int)entry.end.denied);
		if (entry.event == TRACE_COMMIT && entry.commit.error)
			sprintf(at, "commit!%d", entry.commit.error);
		strcat(said, " ");
		trace_entry_finish(&entry);
	}
	trace_reader_free(reader);
	directory_remove(directory);
	return said;
}

static struct request request_of(uint64_t id, const char *path)
{
	struct request request = {.id = id, .accesses_count = 1};

	ck_assert_int_eq(object_init_path(&request.accesses[0].object, path),
			 0);
	request.accesses[0].missing = RIGHT_FS_READ_FILE;
	return request;
}

static void do_ask(uint64_t id, const char *path)
{
	struct request request = request_of(id, path);

	ck_assert_int_eq(outer->ops->ask(outer, &request), ask_error);
	request_finish(&request);
}

static void do_commit(uint64_t generation, enum effect effect)
{
	struct rules rules = {0};
	struct rule rule = {.layer = LAYER_USER,
			    .effect = effect,
			    .rights = RIGHT_FS_READ_FILE,
			    .beneath = true,
			    .origin = strdup("here:1")};
	struct ruleset *ruleset;

	ck_assert_int_eq(object_init_path(&rule.object, "/d"), 0);
	ck_assert_int_eq(rules_take(&rules, &rule), 0);
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, generation, 0), 0);
	ck_assert_int_eq(recorder_events.commit(recorder, ruleset),
			 commit_error);
	ruleset_unref(ruleset);
	rules_finish(&rules);
}

START_TEST(hands_on_and_writes)
{
	begin();
	do_commit(1, EFFECT_ALLOW);
	do_ask(1, "/a");
	recorder_events.answer(recorder, 1, ANSWER_DENY);
	do_ask(2, "/d/a");
	do_commit(2, EFFECT_ALLOW);
	recorder_events.answer(recorder, 2, ANSWER_RETRY);
	do_ask(3, "/b");
	outer->ops->withdraw(outer, 3);
	do_ask(100, "/c");
	recorder_exited(recorder, 7, 5);
	ck_assert_str_eq(trace(),
			 "header commit request deny:unknown: answer request "
			 "commit allow:rule:here:1 answer request withdraw "
			 "request allow:unknown: answer exit end:5/4/2/1 ");
	ck_assert_str_eq(decider_said,
			 "ask1 ask2 ask3 withdraw3 ask100 free0 ");
	ck_assert_str_eq(engine_said, "commit1 deny1 commit2 retry2 allow100 ");
}
END_TEST

/* Judged again, and refused; and a commit that fails changes nothing. */
START_TEST(what_a_retry_comes_to)
{
	begin();
	do_commit(1, EFFECT_DENY);
	commit_error = -ENOSPC;
	do_commit(2, EFFECT_ALLOW);
	do_ask(1, "/d/a");
	recorder_events.answer(recorder, 1, ANSWER_RETRY);
	do_ask(2, "/a");
	recorder_events.answer(recorder, 2, ANSWER_RETRY);
	ck_assert_str_eq(trace(),
			 "header commit commit!28 request deny:rule:here:1 "
			 "answer request deny:rule: answer end:-1/2/0/2 ");
}
END_TEST

START_TEST(what_is_refused)
{
	struct request request;

	begin();
	do_commit(1, EFFECT_DENY);
	request = request_of(0, "/d/a");
	outer->ops->refused(outer, &request, NULL);
	outer->ops->refused(outer, &request, "nobody can");
	request_finish(&request);
	/* Nobody can decide: the engine denies it. */
	ask_error = -EIO;
	do_ask(1, "/a");
	ck_assert_str_eq(trace(), "header commit refused:here:1 "
				  "refused:nobody can request deny:nobody: "
				  "answer end:-1/1/0/3 ");
	ck_assert_str_eq(decider_said, "refused0 nobody can0 ask1 free0 ");
}
END_TEST

/* Who decided is told before the answer; what only a rule did is found out. */
START_TEST(who_decided)
{
	const struct decision allow = {.outcome = OUTCOME_ALLOW,
				       .lifetime = LIFETIME_SESSION,
				       .agent = (char[]){"me"}};

	begin();
	do_commit(1, EFFECT_ALLOW);
	do_ask(1, "/a");
	recorder_events.decided(recorder, 1, &allow, UNDECIDED_NO);
	recorder_events.answer(recorder, 1, ANSWER_RETRY);
	do_ask(2, "/a");
	recorder_events.decided(recorder, 2, NULL, UNDECIDED_LATE);
	recorder_events.answer(recorder, 2, ANSWER_DENY);
	do_ask(3, "/a");
	recorder_events.decided(recorder, 3, &allow, UNDECIDED_COMMIT);
	recorder_events.answer(recorder, 3, ANSWER_DENY);
	recorder_events.decided(recorder, 9, NULL, UNDECIDED_LIMIT);
	ck_assert_str_eq(trace(), "header commit request allow:agent: answer "
				  "request deny:timeout: answer "
				  "request deny:commit: answer end:-1/3/1/2 ");
	ck_assert_str_eq(engine_said, "commit1 retry1 deny2 deny3 ");
}
END_TEST

UNIT_MAIN("trace-recorder", hands_on_and_writes, what_a_retry_comes_to,
	  what_is_refused, who_decided);
