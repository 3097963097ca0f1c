/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recorder: it hands on every call as it is, and writes it in the order in
 * which it counts: a commit before the answer that relies on it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
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

static const struct decider_ops ops = {
	.ask = ask,
	.withdraw = withdraw,
	.refused = refused,
	.free = end,
};
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

/* It stands still: every line has its time. */
static int64_t moment(const struct clock *clock)
{
	(void)clock;
	return INT64_C(1700000000123456000);
}

static const struct clock still = {.wall = moment, .boot = moment};

static void begin_with(bool all)
{
	const struct trace_header header = {
		.app = (char[]){"t"}, .uid = 3, .all = all};
	struct trace_writer *writer;

	directory = directory_make();
	decider_said[0] = engine_said[0] = '\0';
	ask_error = commit_error = 0;
	ck_assert_int_eq(recorder_new(&recorder, &header, 1, &still), 0);
	ck_assert_int_eq(
		trace_writer_open(&writer, directory_path(directory, "t"), 0),
		0);
	recorder_add(recorder, writer);
	recorder_listen(recorder, &events, NULL);
	outer = recorder_wrap(recorder, &inner);
}

static void begin(void)
{
	begin_with(false);
}

/* "+3-1s0" of the rules of a commit, "..." when more follows. */
static void put_counts(char *at, const struct trace_commit *commit)
{
	if (commit->error)
		sprintf(at, "commit!%d", commit->error);
	else
		sprintf(at, "commit+%d-%ds%d%s", (int)commit->added.count,
			(int)commit->removed.count, (int)commit->session.count,
			commit->more ? "..." : "");
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

		ck_assert_int_eq(entry.time, INT64_C(1700000000123456));
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
		if (entry.event == TRACE_COMMIT)
			put_counts(at, &entry.commit);
		if (entry.event == TRACE_SPAWN)
			sprintf(at, "spawn:%d<%d", entry.process.pid,
				entry.process.parent);
		if (entry.event == TRACE_EXEC || entry.event == TRACE_EXIT)
			sprintf(at, "%s:%d:%s:%d",
				trace_event_name(entry.event),
				entry.process.pid,
				entry.process.exe ? entry.process.exe : "",
				entry.process.status);
		if (entry.event == TRACE_ALLOWED)
			sprintf(at, "allowed:%s", entry.request.rule);
		if (entry.event == TRACE_HEADER && !entry.header.policy)
			strcpy(at, "header?");
		strcat(said, " ");
		trace_entry_finish(&entry);
	}
	trace_reader_free(reader);
	directory_remove(directory);
	return said;
}

static struct request request_of(uint64_t id, const char *path)
{
	struct request request = {
		.id = id,
		.accesses_count = 1,
		.subject = {.pid = 7, .tid = 7, .pid_start = 70},
	};

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
	recorder_ended(recorder, (struct process_id){7, 70}, 5);
	ck_assert_str_eq(trace(),
			 "header commit+1-0s0 spawn:7<0 request deny:unknown: "
			 "answer request commit+0-0s0 allow:rule:here:1 answer "
			 "request withdraw request allow:unknown: answer "
			 "exit:7::5 end:5/4/2/1 ");
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
			 "header commit+1-0s0 commit!28 spawn:7<0 request "
			 "deny:rule:here:1 "
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
	ck_assert_str_eq(trace(),
			 "header commit+1-0s0 spawn:7<0 refused:here:1 "
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
	ck_assert_str_eq(
		trace(),
		"header commit+1-0s0 spawn:7<0 request allow:agent: answer "
		"request deny:timeout: answer "
		"request deny:commit: answer end:-1/3/1/2 ");
	ck_assert_str_eq(engine_said, "commit1 retry1 deny2 deny3 ");
}
END_TEST

/* Rules of books that grow, as they come and go; those of one for a session. */
START_TEST(rules_that_come_and_go)
{
	struct rulebook *books[2];
	struct ruleset *ruleset;
	struct rules rules = {0};

	begin();
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(rulebook_new(&books[i]), 0);
	for (int i = 0; i < 40; i++) {
		struct rule rule = {.layer = LAYER_USER,
				    .rights = RIGHT_FS_READ_FILE};
		char path[32];

		sprintf(path, "/%d", i);
		ck_assert_int_eq(object_init_path(&rule.object, path), 0);
		rule.id = strdup(path);
		ck_assert_int_eq(rules_take(&rules, &rule), 0);
	}
	ck_assert_int_eq(rulebook_append(books[0], &rules), 0);
	for (uint64_t generation = 1; generation <= 4; generation++) {
		if (generation == 2) {
			rulebook_remove(books[0], "/3");
			rules.count = 4;
			rules.items[3].effect = EFFECT_ASK;
			rulebook_append(books[1], &rules);
		}
		/* The same in another book is no change, but for one more. */
		if (generation == 3) {
			rulebook_unref(books[1]);
			ck_assert_int_eq(rulebook_new(&books[1]), 0);
			rules.items[0].effect = EFFECT_ASK;
			rulebook_append(books[1], &rules);
		}
		ck_assert_int_eq(
			ruleset_of_books(&ruleset, books, 2, generation, 0), 0);
		recorder_events.commit(recorder, ruleset);
		ruleset_unref(ruleset);
	}
	rules.count = 40;
	rules_finish(&rules);
	for (int i = 0; i < 2; i++)
		rulebook_unref(books[i]);
	ck_assert_str_eq(trace(), "header commit+32-0s0... commit+8-0s0 "
				  "commit+0-1s4 commit+0-0s1 commit+0-0s0 "
				  "end:-1/0/0/0 ");
}
END_TEST

static struct process_id met[4];
static int met_count;

static void on_met(void *userdata, struct process_id process)
{
	(void)userdata;
	met[met_count++] = process;
}

/* Who is met for the first time, executes and ends; and what is allowed. */
START_TEST(processes_and_what_is_allowed)
{
	static const struct recorder_host host = {.met = on_met};
	const char *const command[] = {"a", NULL};
	struct request request;

	begin_with(true);
	met_count = 0;
	recorder_serve(recorder, &host);
	do_commit(1, EFFECT_ALLOW);
	recorder_spawned(recorder, (struct process_id){6, 60}, "/a", command);
	request = request_of(0, "/d/a");
	request.subject.ancestors[0].pid = 6;
	request.subject.ancestors_count = 1;
	outer->ops->executes(outer, &request);
	outer->ops->allowed(outer, &request);
	recorder_exited(recorder, (struct process_id){7, 70}, -1);
	recorder_exited(recorder, (struct process_id){7, 70}, 1);
	/* The number is another's now. */
	request.subject.pid_start = 71;
	outer->ops->allowed(outer, &request);
	request.subject.ancestors_count = 0;
	request_finish(&request);
	recorder_ended(recorder, (struct process_id){6, 60}, 3);
	ck_assert_str_eq(trace(),
			 "header commit+1-0s0 spawn:6<0 spawn:7<6 "
			 "exec:7:/d/a:0 allowed:here:1 exit:7::-1 spawn:7<6 "
			 "allowed:here:1 exit:6::3 end:3/0/0/0 ");
	ck_assert_int_eq(met_count, 2);
	ck_assert_uint_eq(met[1].start, 71);
}
END_TEST

/* Who does not record all costs the engine nothing for it. */
START_TEST(what_is_of_no_interest)
{
	begin();
	ck_assert_ptr_null(outer->ops->allowed);
	ck_assert_str_eq(trace(), "");
}
END_TEST

UNIT_MAIN("trace-recorder", hands_on_and_writes, what_a_retry_comes_to,
	  what_is_refused, who_decided, rules_that_come_and_go,
	  processes_and_what_is_allowed, what_is_of_no_interest);
