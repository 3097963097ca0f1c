/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A name, and a descriptor, that come to mean something else meanwhile. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

static int race(int seconds, void *(*exchange)(void *argument),
		int (*change)(void))
{
	const time_t end = time(NULL) + seconds;
	unsigned long done = 0, refused = 0;
	pthread_t thread;

	if (pthread_create(&thread, NULL, exchange, NULL))
		return 1;
	while (time(NULL) < end)
		if (change())
			refused++;
		else
			done++;
	over = true;
	pthread_join(thread, NULL);
	printf("%s\n", done && refused ? "both" : "not both");
	return 0;
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

int race_descriptor(int seconds)
{
	mine = open("mine", O_RDWR | O_CLOEXEC);
	others = open("others", O_RDONLY | O_CLOEXEC);
	shared = fcntl(mine, F_DUPFD_CLOEXEC, 50);
	if (mine < 0 || others < 0 || shared < 0) {
		perror("metadata");
		return 1;
	}
	return race(seconds, exchange_descriptors, change_descriptor);
}
