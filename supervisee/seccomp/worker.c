/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Workers: see worker.h. */
#include "seccomp/worker.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/signal_fd.h"
#include "task/affinity.h"

#define STACK_BYTES (128 * 1024)
#define QUEUED_MS 5000 /* how long a step waits for a thread */

struct work {
	TAILQ_ENTRY(work) link;
	struct workers *workers;
	pthread_t thread;
	int (*step)(void *job);
	void *job;
	pid_t owner;   /* only counted with: whoever else has it shares */
	int64_t since; /* when it was queued, in milliseconds */
	int result;
	bool finished; /* under the lock */
};

TAILQ_HEAD(works, work);

struct workers {
	/* Of the loop's thread alone: those with a thread, and without. */
	struct works running, queued;
	unsigned int count;   /* of both */
	pthread_mutex_t lock; /* of the works' finished and result */
	int wakeup;	      /* eventfd(2) */
	struct event *event;
	void (*done)(void *job, int result, void *userdata);
	void *userdata;
	bool short_of_threads; /* and that has been said */
};

static void on_signal(int signal_number)
{
	(void)signal_number; /* its arrival is what matters */
}

static void *work_main(void *argument)
{
	struct work *work = argument;
	struct workers *workers = work->workers;
	const uint64_t one = 1;
	int result;

	signal_unblock(WORKER_SIGNAL);
	/* The umask belongs to each step alone. */
	if (unshare(CLONE_FS) < 0)
		result = -errno;
	else
		result = work->step(work->job);
	pthread_mutex_lock(&workers->lock);
	work->result = result;
	work->finished = true;
	pthread_mutex_unlock(&workers->lock);
	(void)!write(workers->wakeup, &one, sizeof(one));
	return NULL;
}

static int start(struct work *work)
{
	pthread_attr_t attr;
	int error;

	affinity_leave();
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	error = pthread_create(&work->thread, &attr, work_main, work);
	pthread_attr_destroy(&attr);
	return -error;
}

/* Ends a step that is in neither list any more. */
static void end(struct workers *workers, struct work *work, int result)
{
	void *job = work->job;

	workers->count--;
	free(work);
	workers->done(job, result, workers->userdata);
}

static struct work *take_finished(struct workers *workers)
{
	struct work *work;

	pthread_mutex_lock(&workers->lock);
	TAILQ_FOREACH (work, &workers->running, link)
		if (work->finished)
			break;
	pthread_mutex_unlock(&workers->lock);
	if (work)
		TAILQ_REMOVE(&workers->running, work, link);
	return work;
}

static void on_wakeup(evutil_socket_t fd, short what, void *userdata)
{
	struct workers *workers = userdata;
	struct work *work;
	uint64_t count;

	(void)what;
	(void)!read(fd, &count, sizeof(count));
	while ((work = take_finished(workers))) {
		pthread_join(work->thread, NULL);
		end(workers, work, work->result);
	}
	workers_retry(workers);
}

int workers_new(struct workers **ret, struct event_base *loop,
		void (*done)(void *job, int result, void *userdata),
		void *userdata)
{
	const struct sigaction action = {.sa_handler = on_signal};
	struct workers *workers = calloc(1, sizeof(*workers));
	sigset_t own;

	if (!workers)
		return -ENOMEM;
	/* The loop is not interrupted: see listener_reply_fd(). */
	sigemptyset(&own);
	sigaddset(&own, WORKER_SIGNAL);
	pthread_sigmask(SIG_BLOCK, &own, NULL);
	TAILQ_INIT(&workers->running);
	TAILQ_INIT(&workers->queued);
	pthread_mutex_init(&workers->lock, NULL);
	workers->done = done;
	workers->userdata = userdata;
	workers->wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (workers->wakeup >= 0)
		workers->event =
			event_new(loop, workers->wakeup, EV_READ | EV_PERSIST,
				  on_wakeup, workers);
	if (!workers->event || event_add(workers->event, NULL) < 0 ||
	    sigaction(WORKER_SIGNAL, &action, NULL) < 0) {
		workers_free(workers);
		return -ENOMEM;
	}
	*ret = workers;
	return 0;
}

struct workers *workers_free(struct workers *workers)
{
	if (!workers)
		return NULL;
	if (workers->event)
		event_free(workers->event);
	fd_close(workers->wakeup);
	pthread_mutex_destroy(&workers->lock);
	free(workers);
	return NULL;
}

/* Everybody gets at most as many as are left to the others. */
static bool has_share(const struct workers *workers, pid_t owner)
{
	unsigned int left = WORKERS_MAX - workers->count;
	const struct work *work;

	TAILQ_FOREACH (work, &workers->running, link)
		if (work->owner == owner && left-- == 0)
			return false;
	TAILQ_FOREACH (work, &workers->queued, link)
		if (work->owner == owner && left-- == 0)
			return false;
	return left > 0;
}

int workers_run(struct workers *workers, int (*step)(void *job), void *job,
		pid_t owner)
{
	struct work *work;

	if (!has_share(workers, owner))
		return -ENOMEM;
	work = calloc(1, sizeof(*work));
	if (!work)
		return -ENOMEM;
	work->workers = workers;
	work->step = step;
	work->job = job;
	work->owner = owner;
	work->since = clock_monotonic_ms();
	workers->count++;
	TAILQ_INSERT_TAIL(&workers->queued, work, link);
	workers_retry(workers);
	return 0;
}

static void tell_shortage(struct workers *workers, int error)
{
	if (!workers->short_of_threads && error)
		log_warning("cannot start more threads (%s): calls that may "
			    "block fail",
			    strerror(-error));
	workers->short_of_threads = error;
}

void workers_retry(struct workers *workers)
{
	const int64_t now = clock_monotonic_ms();
	struct work *work;

	while ((work = TAILQ_FIRST(&workers->queued))) {
		const int error = start(work);

		tell_shortage(workers, error);
		if (error && now - work->since < QUEUED_MS)
			return;
		TAILQ_REMOVE(&workers->queued, work, link);
		if (error)
			end(workers, work, error);
		else
			TAILQ_INSERT_TAIL(&workers->running, work, link);
	}
}

void workers_interrupt(struct workers *workers,
		       int (*unwanted)(void *job, void *userdata))
{
	struct work *work, *next;

	TAILQ_FOREACH (work, &workers->running, link)
		if (unwanted(work->job, workers->userdata))
			pthread_kill(work->thread, WORKER_SIGNAL);
	for (work = TAILQ_FIRST(&workers->queued); work; work = next) {
		next = TAILQ_NEXT(work, link);
		if (!unwanted(work->job, workers->userdata))
			continue;
		TAILQ_REMOVE(&workers->queued, work, link);
		end(workers, work, -EINTR);
	}
}

unsigned int workers_count(const struct workers *workers)
{
	return workers->count;
}
