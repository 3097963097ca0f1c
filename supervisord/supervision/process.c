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
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

#define WALK_TRIES 8
#define WALK_DEPTH 4096

int process_stat_parse(const char *text, pid_t *ret_parent, uint64_t *ret_start)
{
	/* The name is the process' own choice: only the last ")" ends it. */
	const char *rest = strrchr(text, ')');
	unsigned long long start;
	int parent;

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

int process_stat(pid_t pid, pid_t *ret_parent, uint64_t *ret_start)
{
	_cleanup_fd_ int fd = -1;
	char path[32], text[1024];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	length = read(fd, text, sizeof(text) - 1);
	if (length < 0)
		return -errno;
	text[length] = '\0';
	return process_stat_parse(text, ret_parent, ret_start);
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
	int error;

	for (int depth = 0; pid > 0; depth++) {
		if (depth == WALK_DEPTH)
			return -ELOOP;
		error = process_stat(pid, &parent, &start);
		/* A parent that died has handed its children on. */
		if (error == -ESRCH && depth > 0)
			return -EAGAIN;
		if (error)
			return error;
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
	int result = -EAGAIN;

	for (int i = 0; i < WALK_TRIES && result == -EAGAIN; i++)
		result = walk_once(pid, match, userdata);
	return result;
}

int process_filters_read(FILE *status)
{
	static const char key[] = "Seccomp_filters:";
	_cleanup_free_ char *line = NULL;
	size_t allocated = 0;
	int count = -ENODATA;

	/* The name is escaped there, so no line is the process' own. */
	while (count < 0 && getline(&line, &allocated, status) > 0)
		if (strncmp(line, key, strlen(key)) == 0 &&
		    sscanf(line + strlen(key), "%9d", &count) != 1)
			return -ENODATA;
	return count;
}

/* How many seccomp filters a process has. Returns: a negative errno. */
static int count_filters(pid_t pid)
{
	char path[32];
	FILE *status;
	int count;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	if (!status)
		return -errno;
	count = process_filters_read(status);
	fclose(status);
	return count;
}

bool process_is_supervised(pid_t pid)
{
	const int filters = count_filters(pid), common = count_filters(1);

	return filters < 0 || filters > (common > 0 ? common : 0);
}

bool process_is_visible(void)
{
	char number[32];
	const ssize_t n = readlink("/proc/self", number, sizeof(number) - 1);

	if (n <= 0)
		return false;
	number[n] = '\0';
	return strtol(number, NULL, 10) == getpid();
}
