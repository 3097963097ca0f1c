/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holding threads by their numbers: see hold.h. */
#include "task/hold.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "task/affinity.h"
#include "task/tree.h"

#define STACK_BYTES (128 * 1024)
#define WAIT_MS 50
#define WAITS_MAX 100	/* where the machine has no time for the holder */
#define LATE_MAX 4	/* holders that have been given up, and go on */
#define END_YIELDS 1000 /* for a holder to end that has its turn */
#define END_PAUSES 5000 /* of END_PAUSE_NS, for one that has none */
#define END_PAUSE_NS 100000

struct hold {
	sem_t held, over;
	atomic_int users; /* the caller, and the holder */
	atomic_bool late; /* the caller has given up */
	pid_t caller;
	atomic_int holder; /* 0: it has not begun */
	size_t count;
	pid_t tids[]; /* their own from when they are seized */
};

static atomic_int late_holders;

static void drop(struct hold *hold)
{
	if (atomic_fetch_sub(&hold->users, 1) > 1)
		return;
	sem_destroy(&hold->held);
	sem_destroy(&hold->over);
	free(hold);
}

/* What the caller traces already is held. */
static bool take(const struct hold *hold, pid_t tid)
{
	return !ptrace(PTRACE_SEIZE, tid, NULL, NULL) ||
	       tree_tracer(tid) == hold->caller;
}

static void *hold_main(void *argument)
{
	struct hold *hold = argument;

	hold->holder = gettid();
	for (size_t i = 0; i < hold->count && !hold->late; i++)
		if (hold->tids[i] && !take(hold, hold->tids[i]))
			hold->tids[i] = 0;
	sem_post(&hold->held);
	while (sem_wait(&hold->over) < 0)
		;
	if (hold->late)
		late_holders--;
	drop(hold);
	return NULL;
}

/* No signal is for the holder. */
static int start(struct hold *hold)
{
	pthread_attr_t attr;
	sigset_t all, former;
	pthread_t thread;
	int error;

	affinity_leave();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &former);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attr, hold_main, hold);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &former, NULL);
	return -error;
}

static bool wait_a_while(struct hold *hold)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += WAIT_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	while (sem_clockwait(&hold->held, CLOCK_MONOTONIC, &until) < 0)
		if (errno != EINTR)
			return false;
	return true;
}

/*
 * A program that is being loaded cannot be traced, and whoever would trace it
 * sleeps until it is. One that only has not had its turn does not.
 */
static bool wait_held(struct hold *hold)
{
	int asleep = 0;

	for (int i = 0; i < WAITS_MAX && asleep < 2; i++) {
		char state;

		if (wait_a_while(hold))
			return true;
		state = (char)(hold->holder ? tree_state(hold->holder) : 'R');
		asleep = state == 'R' ? 0 : asleep + 1;
	}
	return false;
}

static void give_up(struct hold *hold)
{
	late_holders++;
	hold->late = true;
	sem_post(&hold->over);
	drop(hold);
}

int hold_new(struct hold **ret, pid_t *tids, size_t count)
{
	struct hold *hold;

	if (late_holders >= LATE_MAX)
		return -EAGAIN;
	hold = calloc(1, sizeof(*hold) + count * sizeof(*tids));
	if (!hold)
		return -ENOMEM;
	sem_init(&hold->held, 0, 0);
	sem_init(&hold->over, 0, 0);
	hold->users = 2;
	hold->caller = gettid();
	hold->count = count;
	memcpy(hold->tids, tids, count * sizeof(*tids));
	if (start(hold)) {
		hold->users = 1;
		drop(hold);
		return -ENOMEM;
	}
	if (!wait_held(hold)) {
		give_up(hold);
		return -EAGAIN;
	}
	memcpy(tids, hold->tids, count * sizeof(*tids));
	*ret = hold;
	return 0;
}

/*
 * Who was held is let go when the holder is no more, and others may want to
 * trace them. pthread_join(3) returns before that.
 */
static void wait_end(int holder)
{
	const struct timespec pause = {.tv_nsec = END_PAUSE_NS};

	for (int i = 0; i < END_YIELDS + END_PAUSES; i++) {
		if (syscall(SYS_tgkill, getpid(), holder, 0) < 0)
			return;
		if (i < END_YIELDS)
			sched_yield();
		else
			nanosleep(&pause, NULL);
	}
}

struct hold *hold_free(struct hold *hold)
{
	int holder;

	if (!hold)
		return NULL;
	holder = hold->holder;
	sem_post(&hold->over);
	drop(hold);
	wait_end(holder);
	return NULL;
}
