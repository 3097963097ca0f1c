/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A name, and a descriptor, that come to mean something else meanwhile. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "metadata.h"

static atomic_bool over;
static int shared = -1, mine = -1, others = -1;

static void *exchange_names(void *argument)
{
	while (!over)
		syscall(SYS_renameat2, AT_FDCWD, "one", AT_FDCWD, "swapped",
			RENAME_EXCHANGE);
	return argument;
}

static void *exchange_descriptors(void *argument)
{
	while (!over) {
		dup2(others, shared);
		dup2(mine, shared);
	}
	return argument;
}

static int exchange_in_process(void *argument)
{
	exchange_descriptors(argument);
	return 0;
}

/* Returns: its number, or -1. */
static pid_t start_process(void)
{
	static char stack[256 * 1024];

	return clone(exchange_in_process, stack + sizeof(stack),
		     CLONE_VM | CLONE_FILES | SIGCHLD, NULL);
}

static int try_until(int seconds, int (*change)(void))
{
	const time_t end = time(NULL) + seconds;
	unsigned long done = 0, refused = 0;

	while (time(NULL) < end)
		if (change())
			refused++;
		else
			done++;
	over = true;
	printf("%s\n", done && refused ? "both" : "not both");
	return 0;
}

static int race(int seconds, void *(*exchange)(void *argument),
		int (*change)(void))
{
	pthread_t thread;
	int status;

	if (pthread_create(&thread, NULL, exchange, NULL))
		return 1;
	status = try_until(seconds, change);
	pthread_join(thread, NULL);
	return status;
}

static int change_name(void)
{
	return chmod("swapped", 0606);
}

static int change_descriptor(void)
{
	return fchmod(shared, 0606);
}

int race_path(int seconds)
{
	return race(seconds, exchange_names, change_name);
}

int race_descriptor(int seconds, bool by_process)
{
	int status;
	pid_t pid;

	mine = open("mine", O_RDWR | O_CLOEXEC);
	others = open("others", O_RDONLY | O_CLOEXEC);
	shared = fcntl(mine, F_DUPFD_CLOEXEC, 50);
	if (mine < 0 || others < 0 || shared < 0) {
		perror("metadata");
		return 1;
	}
	if (!by_process)
		return race(seconds, exchange_descriptors, change_descriptor);
	pid = start_process();
	if (pid < 0) {
		perror("clone");
		return 1;
	}
	status = try_until(seconds, change_descriptor);
	waitpid(pid, NULL, 0);
	return status;
}
