/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guard around code that is not ours.
 */
#include "plugin/time_limit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *inside;

/* Only what a signal handler may do. */
static void on_alarm(int number)
{
	static const char text[] = ": the plugin does not return\n";

	(void)number;
	(void)!write(STDERR_FILENO, inside, strlen(inside));
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(EXIT_FAILURE);
}

void time_limit_enter(const char *name)
{
	const struct sigaction action = {.sa_handler = on_alarm};

	inside = name;
	sigaction(SIGALRM, &action, NULL);
	alarm(TIME_LIMIT_SECONDS);
}

void time_limit_leave(void)
{
	alarm(0);
}
