/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/recorder_judge.h"
#include "trace/recorder_lines.h"
#include "trace/recorder_open.h"
#include "trace/recorder_process.h"
#include "trace/rule_changes.h"

struct recorder {
	struct decider decider; /* what the engine calls */
	struct decider *inner;
	const struct decider_events *events;
	void *engine;
	struct recorder_lines lines;
	struct ruleset *ruleset;  /* in force */
	struct ruleset *inflight; /* on its way, else NULL */
	unsigned int session;	  /* number of its book for the session */
	struct recorder_opens open;
	struct recorder_processes processes;
	struct trace_end end;
};

static void put(struct recorder *recorder, struct trace_entry *entry)
{
	recorder_lines_put(&recorder->lines, entry);
}

/* --- Processes --------------------------------------------------- */

/* Who has not been heard of before. */
static void meet(struct recorder *recorder, const struct subject *subject)
{
	const struct process_id process = subject_process(subject);
	struct trace_entry entry = {
		.event = TRACE_SPAWN,
		.process = {.pid = process.pid,
			    .start = process.start,
			    .exe = subject->exe},
	};

	if (!recorder_processes_add(&recorder->processes, process))
		return;
	if (subject->ancestors_count > 0)
		entry.process.parent = subject->ancestors[0].pid;
	put(recorder, &entry);
	if (recorder->lines.host.met)
		recorder->lines.host.met(recorder->lines.host.userdata,
					 process);
}

/* --- From the engine --------------------------------------------- */

static void put_request(struct recorder *recorder, enum trace_event event,
			const struct request *request, const char *reason,
			const char *rule)
{
	struct trace_entry entry = {
		.event = event,
		.request = {.request = *request,
			    .reason = (char *)(uintptr_t)reason,
			    .rule = (char *)(uintptr_t)rule},
	};

	meet(recorder, &request->subject);
	put(recorder, &entry);
}

static void put_decision(struct recorder *recorder, uint64_t id,
			 enum outcome outcome, enum trace_by by,
			 const char *rule)
{
	struct trace_entry entry = {
		.event = TRACE_DECISION,
		.decision = {.id = id,
			     .by = by,
			     .decision = {.outcome = outcome},
			     .rule = (char *)(uintptr_t)rule},
	};

	put(recorder, &entry);
}

static void put_answer(struct recorder *recorder, uint64_t id,
		       enum answer answer)
{
	struct trace_entry entry = {.event = TRACE_ANSWER,
				    .answer = {id, answer}};

	put(recorder, &entry);
}

static void open_request(struct recorder *recorder,
			 const struct request *request)
{
	recorder->end.asked++;
	put_request(recorder, TRACE_REQUEST, request, NULL, NULL);
	recorder_opens_add(&recorder->open, request);
}

void recorder_join_request(struct recorder *recorder,
			   const struct request *request)
{
	open_request(recorder, request);
	recorder_opens_keep(&recorder->open, request->id);
}

/* Nobody can decide: the engine denies it. */
static void end_unasked(struct recorder *recorder, uint64_t id)
{
	recorder->end.denied++;
	put_decision(recorder, id, OUTCOME_DENY, TRACE_BY_NOBODY, NULL);
	put_answer(recorder, id, ANSWER_DENY);
	recorder_opens_drop(&recorder->open, id);
}

static int recorder_ask(struct decider *decider, const struct request *request)
{
	struct recorder *recorder = (struct recorder *)decider;
	const uint64_t id = request->id;
	int error;

	/* Who is answered at once goes on before the lines are written. */
	recorder_lines_hold(&recorder->lines);
	open_request(recorder, request);
	error = recorder->inner->ops->ask(recorder->inner, request);
	if (error)
		end_unasked(recorder, id);
	recorder_opens_keep(&recorder->open, id);
	recorder_lines_release(&recorder->lines);
	return error;
}

static void recorder_withdraw(struct decider *decider, uint64_t request_id)
{
	struct recorder *recorder = (struct recorder *)decider;
	struct trace_entry entry = {.event = TRACE_WITHDRAW, .id = request_id};

	put(recorder, &entry);
	recorder_opens_drop(&recorder->open, request_id);
	recorder->inner->ops->withdraw(recorder->inner, request_id);
}

static void recorder_refused(struct decider *decider,
			     const struct request *request, const char *reason)
{
	struct recorder *recorder = (struct recorder *)decider;
	const char *rule = NULL;

	recorder->end.denied++;
	if (!reason)
		recorder_judge(recorder->ruleset, request, &rule);
	put_request(recorder, TRACE_REFUSED, request, reason, rule);
	if (recorder->inner->ops->refused)
		recorder->inner->ops->refused(recorder->inner, request, reason);
}

static void recorder_allowed(struct decider *decider,
			     const struct request *request)
{
	struct recorder *recorder = (struct recorder *)decider;
	const char *rule = NULL;

	recorder_judge(recorder->ruleset, request, &rule);
	put_request(recorder, TRACE_ALLOWED, request, NULL, rule);
	if (recorder->inner->ops->allowed)
		recorder->inner->ops->allowed(recorder->inner, request);
}

static void recorder_executes(struct decider *decider,
			      const struct request *request)
{
	struct recorder *recorder = (struct recorder *)decider;
	const struct subject *subject = &request->subject;
	struct trace_entry entry = {
		.event = TRACE_EXEC,
		.process = {.pid = subject->pid,
			    .start = subject->pid_start,
			    .exe = request->accesses[0].object.bytes},
	};

	meet(recorder, subject);
	put(recorder, &entry);
	if (recorder->inner->ops->executes)
		recorder->inner->ops->executes(recorder->inner, request);
}

/* --- From the decider -------------------------------------------- */

static void put_commit_line(void *userdata, const struct trace_commit *line)
{
	struct trace_entry entry = {.event = TRACE_COMMIT, .commit = *line};

	put(userdata, &entry);
}

/* The digest of the first rules is in the header. */
static int set_digest(struct recorder *recorder, const struct rules *first)
{
	if (recorder->lines.begun || recorder->lines.header.policy)
		return 0;
	if (asprintf(&recorder->lines.header.policy, "%016" PRIx64,
		     rules_digest(first)) >= 0)
		return 0;
	recorder->lines.header.policy = NULL;
	return -ENOMEM;
}

static void put_commit(struct recorder *recorder, struct ruleset *ruleset)
{
	struct rule_changes changes;
	int error = rule_changes_find(&changes, recorder->ruleset, ruleset,
				      recorder->session);

	if (!error)
		error = set_digest(recorder, &changes.added);
	/* A commit without its rules is better than none. */
	if (error)
		rule_changes_finish(&changes);
	rule_changes_put(&changes, ruleset_generation(ruleset), put_commit_line,
			 recorder);
	rule_changes_finish(&changes);
}

/* @ruleset: has been put into force, or has not been */
static void take_commit(struct recorder *recorder, struct ruleset *ruleset,
			int error)
{
	struct trace_entry entry = {
		.event = TRACE_COMMIT,
		.commit = {.generation = ruleset_generation(ruleset),
			   .error = -error},
	};

	if (error) {
		put(recorder, &entry);
		return;
	}
	put_commit(recorder, ruleset);
	ruleset_unref(recorder->ruleset);
	recorder->ruleset = ruleset_ref(ruleset);
}

static int recorder_commit(void *userdata, struct ruleset *ruleset)
{
	struct recorder *recorder = userdata;
	const int error = recorder->events->commit(recorder->engine, ruleset);

	if (error == -EINPROGRESS)
		recorder->inflight = ruleset_ref(ruleset);
	else
		take_commit(recorder, ruleset, error);
	return error;
}

void recorder_committed(struct recorder *recorder, int error)
{
	struct ruleset *ruleset = recorder->inflight;

	if (!ruleset)
		return;
	recorder->inflight = NULL;
	take_commit(recorder, ruleset, error);
	ruleset_unref(ruleset);
}

void recorder_join(struct recorder *recorder, struct ruleset *committed,
		   struct ruleset *inflight)
{
	if (committed)
		take_commit(recorder, committed, 0);
	if (inflight)
		recorder->inflight = ruleset_ref(inflight);
}

static void recorder_tell(void *userdata, const char *sentence)
{
	struct recorder *recorder = userdata;

	if (recorder->events->tell)
		recorder->events->tell(recorder->engine, sentence);
}

static void recorder_decided(void *userdata, uint64_t request_id,
			     const struct decision *decision,
			     enum undecided undecided)
{
	static const struct decision none = {.unanswered = true};
	struct recorder *recorder = userdata;
	struct recorder_open *open =
		recorder_opens_find(&recorder->open, request_id);
	struct trace_entry entry = {
		.event = TRACE_DECISION,
		.decision = {.id = request_id,
			     .by = trace_by_undecided(undecided),
			     /* A wish that failed is no decision. */
			     .decision = undecided ? none : *decision},
	};

	if (open) {
		open->decided = true;
		open->outcome = entry.decision.decision.outcome;
		put(recorder, &entry);
	}
	if (recorder->events->decided)
		recorder->events->decided(recorder->engine, request_id,
					  decision, undecided);
}

/* What nobody has told: judged again, the engine will come to the same. */
static void find_outcome(struct recorder *recorder, struct recorder_open *open,
			 enum answer answer)
{
	const bool again = answer == ANSWER_RETRY;
	const char *rule = NULL;

	open->outcome = answer == ANSWER_DENY ? OUTCOME_DENY : OUTCOME_ALLOW;
	if (again)
		open->outcome =
			recorder_judge(recorder->ruleset, open->request, &rule);
	put_decision(recorder, open->request->id, open->outcome,
		     again ? TRACE_BY_RULE : TRACE_BY_UNKNOWN, rule);
}

static void recorder_answer(void *userdata, uint64_t request_id,
			    enum answer answer)
{
	struct recorder *recorder = userdata;
	struct recorder_open *open =
		recorder_opens_find(&recorder->open, request_id);

	if (open) {
		if (!open->decided)
			find_outcome(recorder, open, answer);
		recorder->end.allowed += open->outcome == OUTCOME_ALLOW;
		recorder->end.denied += open->outcome == OUTCOME_DENY;
		put_answer(recorder, request_id, answer);
		recorder_opens_drop(&recorder->open, request_id);
	}
	recorder->events->answer(recorder->engine, request_id, answer);
}

static void recorder_postponed(void *userdata, uint64_t request_id,
			       int64_t deadline)
{
	struct recorder *recorder = userdata;

	if (recorder->events->postponed)
		recorder->events->postponed(recorder->engine, request_id,
					    deadline);
}

static void recorder_stop(void *userdata)
{
	struct recorder *recorder = userdata;

	if (recorder->events->stop)
		recorder->events->stop(recorder->engine);
}

const struct decider_events recorder_events = {
	.commit = recorder_commit,
	.answer = recorder_answer,
	.decided = recorder_decided,
	.tell = recorder_tell,
	.postponed = recorder_postponed,
	.stop = recorder_stop,
};

/* --- Its life ---------------------------------------------------- */

int recorder_new(struct recorder **ret, const struct trace_header *header,
		 unsigned int session, const struct clock *clock)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder)
		return -ENOMEM;
	recorder->end.status = -1;
	recorder->session = session;
	if (recorder_lines_init(&recorder->lines, header, clock) < 0) {
		recorder_free(recorder);
		return -ENOMEM;
	}
	*ret = recorder;
	return 0;
}

void recorder_add(struct recorder *recorder, struct trace_writer *writer)
{
	struct recorder_lines *lines = &recorder->lines;

	lines->writers[lines->writers_count++] = writer;
}

void recorder_listen(struct recorder *recorder,
		     const struct decider_events *events, void *engine)
{
	recorder->events = events;
	recorder->engine = engine;
}

struct recorder *recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return NULL;
	recorder_lines_finish(&recorder->lines);
	recorder_opens_finish(&recorder->open);
	recorder_processes_finish(&recorder->processes);
	ruleset_unref(recorder->ruleset);
	ruleset_unref(recorder->inflight);
	free(recorder);
	return NULL;
}

static struct decider *recorder_end(struct decider *decider)
{
	struct recorder *recorder = (struct recorder *)decider;

	if (!recorder)
		return NULL;
	recorder->inner->ops->free(recorder->inner);
	recorder_lines_end(&recorder->lines, &recorder->end);
	recorder_free(recorder);
	return NULL;
}

struct decider *recorder_unwrap(struct decider *decider)
{
	struct recorder *recorder = (struct recorder *)decider;
	struct decider *inner = recorder->inner;

	recorder_lines_end(&recorder->lines, &recorder->end);
	recorder_free(recorder);
	return inner;
}

static const struct decider_ops recorder_ops = {
	.ask = recorder_ask,
	.withdraw = recorder_withdraw,
	.refused = recorder_refused,
	.executes = recorder_executes,
	.free = recorder_end,
};

static const struct decider_ops recorder_all_ops = {
	.ask = recorder_ask,
	.withdraw = recorder_withdraw,
	.refused = recorder_refused,
	.allowed = recorder_allowed,
	.executes = recorder_executes,
	.free = recorder_end,
};

struct decider *recorder_wrap(struct recorder *recorder,
			      struct decider *decider)
{
	recorder->inner = decider;
	recorder->decider.ops =
		recorder->lines.header.all ? &recorder_all_ops : &recorder_ops;
	return &recorder->decider;
}

void recorder_spawned(struct recorder *recorder, struct process_id process,
		      const char *path, const char *const *command)
{
	struct trace_entry entry = {
		.event = TRACE_SPAWN,
		.process = {.pid = process.pid,
			    .start = process.start,
			    .exe = (char *)(uintptr_t)path},
	};
	struct trace_process *spawned = &entry.process;

	recorder_processes_add(&recorder->processes, process);
	while (spawned->command_count < TRACE_ARGUMENTS_MAX && *command)
		spawned->command[spawned->command_count++] =
			(char *)(uintptr_t)*command++;
	put(recorder, &entry);
}

static void put_exit(struct recorder *recorder, struct process_id process,
		     int status)
{
	struct trace_entry entry = {
		.event = TRACE_EXIT,
		.process = {.pid = process.pid,
			    .start = process.start,
			    .status = status},
	};

	if (recorder_processes_drop(&recorder->processes, process))
		put(recorder, &entry);
}

void recorder_exited(struct recorder *recorder, struct process_id process,
		     int status)
{
	put_exit(recorder, process, status);
}

void recorder_ended(struct recorder *recorder, struct process_id process,
		    int status)
{
	recorder->end.status = status;
	put_exit(recorder, process, status);
}

void recorder_serve(struct recorder *recorder, const struct recorder_host *host)
{
	recorder->lines.host = *host;
}

int recorder_flush(struct recorder *recorder)
{
	return recorder_lines_flush(&recorder->lines);
}
