/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes as /proc shows them.
 */
#include "supervision/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"

#define WALK_TRIES 8
#define WALK_DEPTH 4096
/* What `landlord run` is called in /proc/PID/comm, see supervisee/run. */
#define SUPERVISOR_NAME "landlord"

int process_stat(pid_t pid, pid_t *ret_parent, uint64_t *ret_start)
{
	_cleanup_fd_ int fd = -1;
	char path[32], text[1024];
	const char *rest;
	unsigned long long start;
	ssize_t length;
	int parent;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	length = read(fd, text, sizeof(text) - 1);
	if (length < 0)
		return -errno;
	text[length] = '\0';
	/* The name is the process' own choice: only the last ")" ends it. */
	rest = strrchr(text, ')');
	if (!rest ||
	    sscanf(rest + 1,
		   " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d "
		   "%*d %*d %*d %*d %*d %llu",
		   &parent, &start) != 2)
		return -EIO;
	*ret_parent = parent;
	*ret_start = start;
	return 0;
}

bool process_alive(pid_t pid, uint64_t start)
{
	pid_t parent;
	uint64_t now;

	return process_stat(pid, &parent, &now) == 0 && now == start;
}

/* One walk. Returns: as process_walk(), -EAGAIN when a number was reused. */
static int walk_once(pid_t pid, bool (*match)(void *userdata, pid_t pid),
		     void *userdata)
{
	uint64_t child_start = UINT64_MAX, start;
	pid_t parent;
	int r;

	for (int depth = 0; pid > 0; depth++) {
		if (depth == WALK_DEPTH)
			return -ELOOP;
		r = process_stat(pid, &parent, &start);
		/* A parent that died has handed its children on. */
		if (r == -ESRCH && depth > 0)
			return -EAGAIN;
		if (r < 0)
			return r;
		if (start > child_start)
			return -EAGAIN;
		if (match(userdata, pid))
			return 1;
		child_start = start;
		pid = parent;
	}
	return 0;
}

int process_walk(pid_t pid, bool (*match)(void *userdata, pid_t pid),
		 void *userdata)
{
	int r = -EAGAIN;

	for (int i = 0; i < WALK_TRIES && r == -EAGAIN; i++)
		r = walk_once(pid, match, userdata);
	return r;
}

/* How many seccomp filters a process has. Returns: a negative errno. */
static int count_filters(pid_t pid)
{
	static const char key[] = "\nSeccomp_filters:";
	_cleanup_fd_ int fd = -1;
	char path[32], text[4096];
	const char *line;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read(fd, text, sizeof(text) - 1);
	if (length < 0)
		return -errno;
	text[length] = '\0';
	/* The name is escaped there, so no line of it is the process' own. */
	line = strstr(text, key);
	return line ? atoi(line + strlen(key)) : -ENODATA;
}

/* A program cannot name its supervisor, which is above it or acts for it. */
static bool match_supervisor(void *userdata, pid_t pid)
{
	_cleanup_fd_ int fd = -1;
	char path[32], name[32];
	ssize_t length;

	(void)userdata;
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, name, sizeof(name) - 1);
	name[length > 0 ? length : 0] = '\0';
	return length <= 0 || strcmp(name, SUPERVISOR_NAME "\n") == 0;
}

bool process_is_supervised(pid_t pid)
{
	const int filters = count_filters(pid), common = count_filters(1);

	if (filters < 0 || filters > (common > 0 ? common : 0))
		return true;
	return process_walk(pid, match_supervisor, NULL) != 0;
}

int64_t process_boottime_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
