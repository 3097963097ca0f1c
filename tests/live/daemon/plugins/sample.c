/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A policy plugin for tests: what it does depends on the path that is asked.
 */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/plugin.h"

#ifndef SAMPLE_ABI
#define SAMPLE_ABI LANDLORD_PLUGIN_ABI
#endif

static const struct landlord_host *host;
static struct event *timer;
static uint64_t later, cancelled;

static void on_timer(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	(void)userdata;
	host->complete(host->context, later, "allow:session");
}

static int sample_open(const struct landlord_host *with, void **ret_state)
{
	static int state;

	if (getenv("SAMPLE_FAILS"))
		return -EIO;
	host = with;
	timer = evtimer_new(host->loop, on_timer, NULL);
	*ret_state = &state;
	return timer ? 0 : -ENOMEM;
}

/* Whether a file can be made in a directory beneath another. */
static int can_write(const char *above, const char *below)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s%s/landlord-plugin", above, below) < 0)
		return 0;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
		unlink(path);
	}
	free(path);
	return fd >= 0;
}

/* What code inside the daemon can do. Returns: NULL, or what it should not. */
static const char *escape(void)
{
	const char *home = getenv("HOME");
	char *const argv[] = {"true", NULL};
	int fd;

	if (!can_write(home, "/landlord"))
		return "its own directory cannot be written";
	if (can_write(home, ""))
		return "a file was made in the home directory";
	if (can_write("/tmp", ""))
		return "a file was made in /tmp";
	if (mkdir("/tmp/landlord-plugin", 0700) == 0)
		return "a directory was made in /tmp";
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0)
		return "it has a network socket";
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		return "it may use ptrace";
	if (mount("none", "/tmp", "tmpfs", 0, NULL) == 0 || errno != EPERM)
		return "it may mount";
	execv("/bin/true", argv);
	return errno == EPERM ? NULL : "executing fails otherwise";
}

static enum landlord_verdict sample_decide(void *state,
					   const struct landlord_query *query,
					   const char **ret_answer)
{
	const char *path = query->accesses[0].object;
	const char *why;

	(void)state;
	if (strcmp(path, "/now") == 0) {
		*ret_answer = "allow";
		return LANDLORD_ANSWER;
	}
	if (strcmp(path, "/nonsense") == 0) {
		*ret_answer = "perhaps";
		return LANDLORD_ANSWER;
	}
	if (strcmp(path, "/later") == 0) {
		later = query->ticket;
		evtimer_add(timer, &(struct timeval){.tv_usec = 50000});
		return LANDLORD_PENDING;
	}
	if (strcmp(path, "/crash") == 0)
		*(volatile int *)NULL = 0;
	while (strcmp(path, "/hang") == 0)
		pause();
	if (strcmp(path, "/verdict") == 0)
		return (enum landlord_verdict)7;
	if (strcmp(path, "/never") == 0)
		return LANDLORD_PENDING;
	if (strcmp(path, "/cancelled") == 0) {
		/* Too late, and so ignored. */
		host->complete(host->context, cancelled, "allow:session");
		*ret_answer = cancelled ? "allow" : "deny";
		return LANDLORD_ANSWER;
	}
	if (strcmp(path, "/escape") == 0) {
		why = escape();
		if (why)
			fprintf(stderr, "sample: %s\n", why);
		*ret_answer = why ? "deny" : "allow";
		return LANDLORD_ANSWER;
	}
	return LANDLORD_PASS;
}

static void sample_cancel(void *state, uint64_t ticket)
{
	(void)state;
	cancelled = ticket;
}

static void sample_close(void *state)
{
	(void)state;
	event_free(timer);
}

static const struct landlord_plugin table = {
	.abi = SAMPLE_ABI,
	.name = "sample",
	.open = sample_open,
	.decide = sample_decide,
	.cancel = sample_cancel,
	.close = sample_close,
};

const struct landlord_plugin *landlord_plugin(void)
{
	return &table;
}
