/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The watchdog: see watchdog.h. */
#include "seccomp/watchdog.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "task/memory.h"

#define STACK_BYTES (64 * 1024)
#define BITES_AFTER_S 2
#define SLEEPS_MS 5000

static atomic_bool asleep;
static int wakeup = -1;

static void *watch(void *unused)
{
	const struct timespec interval = {.tv_sec = BITES_AFTER_S};
	struct pollfd woken = {.fd = wakeup, .events = POLLIN};
	uint64_t count;

	for (;;) {
		const unsigned int beat = memory_beat();

		nanosleep(&interval, NULL);
		if (memory_beat() != beat)
			continue;
		if (beat % 2) {
			log_error("a program's memory does not come, and "
				  "keeps its supervisor waiting: all of it is "
				  "ended");
			/* The guardian ends what we supervise. */
			kill(getpid(), SIGKILL);
		}
		/*
		 * Nothing happens: who reads next wakes us. But who was about
		 * to when we fell asleep has not seen it, and may wait for a
		 * page by now: so this is no sleep without an end.
		 */
		atomic_store(&asleep, true);
		if (poll(&woken, 1, SLEEPS_MS) > 0)
			(void)!read(wakeup, &count, sizeof(count));
		atomic_store(&asleep, false);
	}
	return unused;
}

static void start(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, former;

	wakeup = eventfd(0, EFD_CLOEXEC);
	if (wakeup < 0)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &former);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, watch, NULL)) {
		close(wakeup);
		wakeup = -1;
	}
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &former, NULL);
}

void watchdog_wake(void)
{
	const uint64_t one = 1;

	if (wakeup < 0)
		start();
	else if (atomic_load(&asleep) && atomic_exchange(&asleep, false))
		(void)!write(wakeup, &one, sizeof(one));
}
