/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workers: the one place of ours where threads share anything. Built under
 * ThreadSanitizer too (contrib/check).
 */
#include <check.h>
#include <errno.h>
#include <event2/event.h>
#include <unistd.h>

#include "seccomp/worker.h"
#include "unit.h"

#define JOBS 64

struct job {
	int from; /* a read from here waits */
	int done; /* how often the loop was told */
	int result;
};

struct pool {
	struct event_base *loop;
	struct workers *workers;
	unsigned int left;
};

static void on_done(void *argument, int result, void *userdata)
{
	struct pool *pool = userdata;
	struct job *job = argument;

	job->done++;
	job->result = result;
	if (--pool->left == 0)
		event_base_loopbreak(pool->loop);
}

static int read_byte(void *argument)
{
	const struct job *job = argument;
	char byte;
	const ssize_t length = read(job->from, &byte, 1);

	return length < 0 ? -errno : byte;
}

static void setup(struct pool *pool)
{
	*pool = (struct pool){.loop = event_base_new()};
	ck_assert_ptr_nonnull(pool->loop);
	ck_assert_int_eq(workers_new(&pool->workers, pool->loop, on_done, pool),
			 0);
}

static void teardown(struct pool *pool)
{
	ck_assert_uint_eq(workers_count(pool->workers), 0);
	workers_free(pool->workers);
	event_base_free(pool->loop);
}

START_TEST(every_job_ends_once)
{
	struct job jobs[JOBS] = {0};
	struct pool pool;
	int pipes[2];

	setup(&pool);
	ck_assert_int_eq(pipe(pipes), 0);
	for (int i = 0; i < JOBS; i++) {
		jobs[i].from = pipes[0];
		ck_assert_int_eq(
			workers_run(pool.workers, read_byte, &jobs[i], 1), 0);
		pool.left++;
	}
	/* None ends before there is something to read. */
	event_base_loop(pool.loop, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(workers_count(pool.workers), JOBS);
	for (int i = 0; i < JOBS; i++)
		ck_assert_int_eq(write(pipes[1], "x", 1), 1);
	event_base_dispatch(pool.loop);
	for (int i = 0; i < JOBS; i++) {
		ck_assert_int_eq(jobs[i].done, 1);
		ck_assert_int_eq(jobs[i].result, 'x');
	}
	close(pipes[0]);
	close(pipes[1]);
	teardown(&pool);
}
END_TEST

static int is_second(void *argument, void *userdata)
{
	const struct job *job = argument;

	(void)userdata;
	return job->result == -1;
}

/* Interrupted until it ends: a signal may come before the call blocks. */
static void interrupt(evutil_socket_t fd, short what, void *userdata)
{
	struct pool *pool = userdata;

	(void)fd;
	(void)what;
	workers_interrupt(pool->workers, is_second);
}

START_TEST(only_the_unwanted_are_interrupted)
{
	const struct timeval often = {.tv_usec = 1000};
	struct job jobs[2] = {{.result = 0}, {.result = -1}};
	struct pool pool;
	struct event *timer;
	int pipes[2];

	setup(&pool);
	ck_assert_int_eq(pipe(pipes), 0);
	for (int i = 0; i < 2; i++) {
		jobs[i].from = pipes[0];
		ck_assert_int_eq(
			workers_run(pool.workers, read_byte, &jobs[i], 1), 0);
	}
	timer = event_new(pool.loop, -1, EV_PERSIST, interrupt, &pool);
	event_add(timer, &often);
	pool.left = 1;
	event_base_dispatch(pool.loop);
	ck_assert_int_eq(jobs[1].result, -EINTR);
	ck_assert_int_eq(jobs[0].done, 0);
	event_free(timer);
	pool.left = 1;
	ck_assert_int_eq(write(pipes[1], "y", 1), 1);
	event_base_dispatch(pool.loop);
	ck_assert_int_eq(jobs[0].result, 'y');
	close(pipes[0]);
	close(pipes[1]);
	teardown(&pool);
}
END_TEST

UNIT_MAIN("worker", every_job_ends_once, only_the_unwanted_are_interrupted);
