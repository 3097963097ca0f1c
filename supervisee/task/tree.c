/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who descends from whom: see tree.h. */
#include "task/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "task/resource_limit.h"
#include "task/status.h"

#define DEPTH_MAX 4096 /* more levels than any process table has */

/*
 * The first thread's own: for the process, the kernel would add up all threads.
 */
static int read_stat(pid_t pid, struct status_stat *ret)
{
	_cleanup_status_ struct status stat;
	char path[64];
	int error;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid,
		 (int)pid);
	error = status_read_file(&stat, path);
	return error ? error : status_parse_stat(stat.text, stat.length, ret);
}

/* A number of /proc/TID/status. Returns: it, or a negative errno. */
static int read_number(pid_t tid, const char *name)
{
	_cleanup_status_ struct status status;
	const int error = status_read(&status, tid);

	return error ? error : (int)status_number(status.text, name);
}

pid_t tree_tgid(pid_t tid)
{
	return (pid_t)read_number(tid, "Tgid");
}

pid_t tree_tracer(pid_t tid)
{
	return (pid_t)read_number(tid, "TracerPid");
}

pid_t tree_of_pidfd(int pidfd)
{
	_cleanup_status_ struct status info;
	char path[64];
	int64_t pid;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	if (status_read_file(&info, path))
		return 0;
	pid = status_number(info.text, "Pid");
	return pid > 0 ? (pid_t)pid : 0;
}

pid_t tree_parent(pid_t pid)
{
	struct status_stat stat;

	return read_stat(pid, &stat) ? -ESRCH : stat.parent;
}

uint64_t tree_start(pid_t pid)
{
	struct status_stat stat;

	return read_stat(pid, &stat) ? 0 : stat.start;
}

struct process_id tree_process(pid_t tid)
{
	const pid_t pid = tree_tgid(tid);

	if (pid <= 0)
		return PROCESS_NONE;
	return (struct process_id){pid, tree_start(pid)};
}

char tree_state(pid_t tid)
{
	struct status_stat stat;

	return (char)(read_stat(tid, &stat) ? 0 : stat.state);
}

bool tree_is_alone(pid_t tid)
{
	return read_number(tid, "Threads") == 1;
}

bool tree_has_room(pid_t tid)
{
	struct rlimit limit;
	struct dirent *entry;
	struct stat st;
	rlim_t used = 0;
	char path[64];
	DIR *fds;

	if (resource_limit(tid, RLIMIT_NOFILE, &limit))
		return true;
	/* The lowest number is taken: the last one is free until all others
	 * have been in use. */
	snprintf(path, sizeof(path), "/proc/%d/fd/%lu", (int)tid,
		 (unsigned long)limit.rlim_cur - 1);
	if (limit.rlim_cur && lstat(path, &st) < 0)
		return true;
	*strrchr(path, '/') = '\0';
	fds = opendir(path);
	if (!fds)
		return true;
	while ((entry = readdir(fds)))
		if (entry->d_name[0] != '.' &&
		    (rlim_t)atoi(entry->d_name) < limit.rlim_cur)
			used++;
	closedir(fds);
	return used < limit.rlim_cur;
}

bool tree_closes_on_exec(pid_t tid, int fd)
{
	_cleanup_status_ struct status info;
	uint64_t flags;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)tid, fd);
	return !status_read_file(&info, path) &&
	       !status_octal(info.text, "flags", &flags) && (flags & O_CLOEXEC);
}

int tree_filters(pid_t tid)
{
	const int filters = read_number(tid, "Seccomp_filters");

	return filters < 0 ? 0 : filters;
}

bool tree_descends(pid_t pid, pid_t ancestor)
{
	for (int depth = 0; pid > 0 && depth < DEPTH_MAX; depth++) {
		if (pid == ancestor)
			return true;
		pid = tree_parent(pid);
	}
	return false;
}

struct most_filters {
	int filters;
};

static void note_filters(pid_t tid, void *userdata)
{
	struct most_filters *most = userdata;
	const int filters = tree_filters(tid);

	if (filters > most->filters)
		most->filters = filters;
}

/* Of its first thread, or where that is dead, of any other. */
static bool has_more_filters(pid_t pid, int filters)
{
	struct most_filters most = {tree_filters(pid)};

	if (most.filters <= filters)
		tree_each_thread(pid, note_filters, &most);
	return most.filters > filters;
}

bool tree_supervised(pid_t pid, pid_t monitor)
{
	return pid != monitor && tree_descends(pid, monitor) &&
	       has_more_filters(pid, tree_filters(monitor));
}

bool tree_supervises(pid_t pid, pid_t monitor)
{
	struct stat theirs, ours;
	char link[64];

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	return tree_descends(monitor, pid) && !stat(link, &theirs) &&
	       !stat("/proc/self/exe", &ours) && theirs.st_dev == ours.st_dev &&
	       theirs.st_ino == ours.st_ino;
}

pid_t tree_number(pid_t tid)
{
	_cleanup_status_ struct status status;
	int64_t number;

	if (status_read(&status, tid))
		return 0;
	number = status_last_number(status.text, "NSpid");
	return number > 0 ? (pid_t)number : 0;
}

static ino_t pid_namespace(pid_t tid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)tid);
	return stat(path, &st) < 0 ? 0 : st.st_ino;
}

struct translation {
	ino_t namespace;
	pid_t number, found;
};

static void translate_one(pid_t tid, void *userdata)
{
	struct translation *translation = userdata;

	if (translation->found < 0 && tree_number(tid) == translation->number &&
	    pid_namespace(tid) == translation->namespace)
		translation->found = tid;
}

void tree_each_thread(pid_t tgid, void (*callback)(pid_t tid, void *userdata),
		      void *userdata)
{
	struct dirent *entry;
	char path[64];
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)tgid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads)))
		if (atoi(entry->d_name) > 0)
			callback((pid_t)atoi(entry->d_name), userdata);
	if (threads)
		closedir(threads);
}

pid_t tree_translate(pid_t tid, pid_t number, pid_t tgid, pid_t ancestor)
{
	struct translation translation = {
		.namespace = pid_namespace(tid),
		.number = number,
		.found = -ESRCH,
	};

	if (!translation.namespace || number <= 0)
		return -ESRCH;
	if (tgid)
		tree_each_thread(tgid, translate_one, &translation);
	else
		tree_each(ancestor, translate_one, &translation);
	return translation.found;
}

unsigned int tree_each(pid_t ancestor,
		       void (*callback)(pid_t pid, void *userdata),
		       void *userdata)
{
	unsigned int count = 0;
	struct dirent *entry;
	DIR *processes;

	/* Not by /proc/PID/task/TID/children: not every kernel has it. */
	processes = opendir("/proc");
	if (!processes)
		return 0;
	while ((entry = readdir(processes))) {
		const pid_t pid = (pid_t)atoi(entry->d_name);

		if (pid <= 0 || pid == ancestor ||
		    !tree_descends(pid, ancestor))
			continue;
		callback(pid, userdata);
		count++;
	}
	closedir(processes);
	return count;
}

static void kill_one(pid_t pid, void *userdata)
{
	(void)userdata;
	kill(pid, SIGKILL);
}

void tree_kill(void)
{
	while (tree_each(getpid(), kill_one, NULL) > 0)
		while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
			;
}
