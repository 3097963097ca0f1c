/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small world for tests of the core: an empty home, a loop, requests, an
 * engine that counts what it gets, an agent that does as it is told.
 */
#pragma once

#include <check.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/clock.h"
#include "core/decider.h"
#include "directory.h"
#include "supervision/domain.h"

#define WORLD_REQUESTS 4096

/* An engine, and what happened to it. */
struct engine {
	struct ruleset *ruleset;
	unsigned int commits;
	int commit_error;	     /* what commit returns */
	bool asynchronous;	     /* commits are acknowledged by the test */
	int answers[WORLD_REQUESTS]; /* 1 + enum answer; 0: none yet */
	unsigned int answered, stopped;
	int64_t postponed; /* the last deadline that it was told */
};

/* An agent, and what it was asked. */
struct puppet {
	struct agent agent;
	uint64_t open[WORLD_REQUESTS];
	size_t open_count;
	unsigned int asked, withdrawn;
	pid_t shown;	    /* whose request was the last one */
	int refuse;	    /* what ask returns */
	const char *answer; /* at once, if not NULL */
	unsigned int told;
	const struct clock *clock; /* its own; NULL: the real one */
};

static inline void world_home(void)
{
	char home[] = "/tmp/landlord-test.XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(home));
	setenv("HOME", home, 1);
	setenv("XDG_STATE_HOME", home, 1);
	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("XDG_RUNTIME_DIR", home, 1);
	setenv("LANDLORD_VENDOR_DIR", "/nonexistent", 1);
	/* Not the bus of whoever runs the tests. */
	unsetenv("DBUS_SESSION_BUS_ADDRESS");
}

static inline void world_leave(void)
{
	directory_remove(strdup(getenv("HOME")));
}

static inline struct request world_request(uint64_t id, const char *path)
{
	struct request request = {.id = id, .accesses_count = 1};

	request.subject.pid = getpid();
	request.subject.pid_start = 1;
	request.subject.exe = strdup("/bin/test");
	request.subject.comm = strdup("test");
	request.operation = strdup("openat");
	ck_assert_int_eq(object_init_path(&request.accesses[0].object, path),
			 0);
	request.accesses[0].missing = RIGHT_FS_READ_FILE;
	return request;
}

static inline int engine_commit(void *userdata, struct ruleset *ruleset)
{
	struct engine *engine = userdata;

	if (engine->asynchronous)
		return -EINPROGRESS;
	if (engine->commit_error)
		return engine->commit_error;
	ruleset_unref(engine->ruleset);
	engine->ruleset = ruleset_ref(ruleset);
	engine->commits++;
	return 0;
}

static inline void engine_answer(void *userdata, uint64_t id,
				 enum answer answer)
{
	struct engine *engine = userdata;

	ck_assert_uint_lt(id, WORLD_REQUESTS);
	ck_assert_int_eq(engine->answers[id], 0);
	engine->answers[id] = 1 + (int)answer;
	engine->answered++;
}

static inline void engine_postponed(void *userdata, uint64_t id,
				    int64_t deadline)
{
	struct engine *engine = userdata;

	ck_assert_int_eq(engine->answers[id], 0);
	engine->postponed = deadline;
}

static inline void engine_stop(void *userdata)
{
	((struct engine *)userdata)->stopped++;
}

static const struct decider_events engine_events = {
	.commit = engine_commit,
	.answer = engine_answer,
	.postponed = engine_postponed,
	.stop = engine_stop,
};

static inline bool engine_allows(const struct engine *engine, const char *path)
{
	return engine->ruleset &&
	       ruleset_judge_path(engine->ruleset, path, strlen(path),
				  RIGHT_FS_READ_FILE,
				  (struct process_id){getpid(), 1})
			       .allowed == RIGHT_FS_READ_FILE;
}

static inline void puppet_decide(struct puppet *puppet, uint64_t id,
				 const char *text)
{
	struct decision decision = {0};
	const struct clock *clock = puppet->clock ? puppet->clock : &clock_real;
	const char *expected;

	ck_assert_int_eq(
		decision_parse(text, clock_wall(clock), &decision, &expected),
		0);
	for (size_t i = 0; i < puppet->open_count; i++)
		if (puppet->open[i] == id)
			puppet->open[i] = puppet->open[--puppet->open_count];
	agent_decide(&puppet->agent, id, &decision);
	decision_finish(&decision);
}

static inline int puppet_ask(struct agent *agent,
			     const struct question *question)
{
	struct puppet *puppet = (struct puppet *)agent;

	if (puppet->refuse)
		return puppet->refuse;
	puppet->shown = question->request->subject.pid;
	puppet->asked++;
	if (puppet->answer) {
		puppet_decide(puppet, question->id, puppet->answer);
		return 0;
	}
	puppet->open[puppet->open_count++] = question->id;
	return 0;
}

static inline void puppet_withdraw(struct agent *agent, uint64_t id)
{
	struct puppet *puppet = (struct puppet *)agent;

	puppet->withdrawn++;
	for (size_t i = 0; i < puppet->open_count; i++)
		if (puppet->open[i] == id)
			puppet->open[i] = puppet->open[--puppet->open_count];
}

static inline void puppet_tell(struct agent *agent, const char *sentence)
{
	ck_assert_ptr_nonnull(strstr(sentence, "cannot persist"));
	((struct puppet *)agent)->told++;
}

static const struct agent_ops puppet_ops = {
	.name = "puppet",
	.ask = puppet_ask,
	.withdraw = puppet_withdraw,
	.tell = puppet_tell,
};

#define WORLD_SECONDS 60 /* for what must not fail on a busy machine */

static inline void world_on_time(evutil_socket_t fd, short events,
				 void *userdata)
{
	(void)fd;
	(void)events;
	*(bool *)userdata = true;
}

/* Runs the loop for a time, which is up to the caller. */
static inline void world_run(struct event_base *loop, int64_t usec)
{
	const struct timeval delay = {usec / 1000000, usec % 1000000};
	bool over = false;
	struct event *time = evtimer_new(loop, world_on_time, &over);

	evtimer_add(time, &delay);
	while (!over)
		event_base_loop(loop, EVLOOP_ONCE);
	event_free(time);
}

/*
 * Runs the loop, event by event, until the condition holds; fails when it does
 * not for a minute.
 */
#define WORLD_UNTIL(loop, condition)                                     \
	do {                                                             \
		const struct timeval limit_ = {.tv_sec = WORLD_SECONDS}; \
		bool late_ = false;                                      \
		struct event *time_ =                                    \
			evtimer_new(loop, world_on_time, &late_);        \
                                                                         \
		evtimer_add(time_, &limit_);                             \
		while (!late_ && !(condition))                           \
			event_base_loop(loop, EVLOOP_ONCE);              \
		event_free(time_);                                       \
		ck_assert(condition);                                    \
	} while (0)
