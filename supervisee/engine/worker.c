// SPDX-License-Identifier: GPL-2.0-or-later
/* Workers: see worker.h. */
#include "engine/worker.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"

#define STACK_BYTES (512 * 1024)

struct work {
	struct work *next;
	struct workers *workers;
	pthread_t thread;
	int (*step)(void *job);
	void *job;
	int result;
	bool finished; /* under the lock */
};

struct workers {
	struct work *works; /* of the loop's thread alone */
	unsigned int count;
	pthread_mutex_t lock; /* of the works' finished and result */
	int wakeup;	      /* eventfd(2) */
	struct event *event;
	void (*done)(void *job, int result, void *userdata);
	void *userdata;
};

static void on_signal(int signal_number)
{
	(void)signal_number; /* its arrival is what matters */
}

static void *work_main(void *argument)
{
	struct work *work = argument;
	const uint64_t one = 1;
	int result;

	/* The umask belongs to each step alone. */
	if (unshare(CLONE_FS) < 0)
		result = -errno;
	else
		result = work->step(work->job);
	pthread_mutex_lock(&work->workers->lock);
	work->result = result;
	work->finished = true;
	pthread_mutex_unlock(&work->workers->lock);
	(void)!write(work->workers->wakeup, &one, sizeof(one));
	return NULL;
}

static struct work *take_finished(struct workers *workers)
{
	struct work **at = &workers->works, *work;

	pthread_mutex_lock(&workers->lock);
	while (*at && !(*at)->finished)
		at = &(*at)->next;
	pthread_mutex_unlock(&workers->lock);
	work = *at;
	if (work) {
		*at = work->next;
		workers->count--;
	}
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
		workers->done(work->job, work->result, workers->userdata);
		free(work);
	}
}

int workers_new(struct workers **ret, struct event_base *loop,
		void (*done)(void *job, int result, void *userdata),
		void *userdata)
{
	const struct sigaction action = {.sa_handler = on_signal};
	struct workers *workers = calloc(1, sizeof(*workers));

	if (!workers)
		return -ENOMEM;
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

int workers_run(struct workers *workers, int (*step)(void *job), void *job)
{
	struct work *work = calloc(1, sizeof(*work));
	pthread_attr_t attr;
	int error;

	if (!work)
		return -ENOMEM;
	work->workers = workers;
	work->step = step;
	work->job = job;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	error = pthread_create(&work->thread, &attr, work_main, work);
	pthread_attr_destroy(&attr);
	if (error) {
		free(work);
		return -error;
	}
	work->next = workers->works;
	workers->works = work;
	workers->count++;
	return 0;
}

void workers_interrupt(struct workers *workers,
		       int (*unwanted)(void *job, void *userdata))
{
	for (struct work *work = workers->works; work; work = work->next)
		if (unwanted(work->job, workers->userdata))
			pthread_kill(work->thread, WORKER_SIGNAL);
}

unsigned int workers_count(const struct workers *workers)
{
	return workers->count;
}
