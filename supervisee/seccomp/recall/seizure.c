/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seizing: see seizure.h. */
#include "seccomp/recall/seizure.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "seccomp/recall/herd_state.h"
#include "task/confinement.h"
#include "task/status.h"
#include "task/tree.h"

#define CHASE_IDLE 16 /* looks at our children that catch nobody */
#define CHASE_LAST 16 /* children that are looked at */

/* One whom we may not trace: why. */
static void add_untraced(struct herd *herd, pid_t tgid, pid_t tid)
{
	const pid_t tracer = tree_tracer(tid);
	struct held_thread *thread = herd_find(herd, tid);
	enum stand stand = STAND_FOREIGN;

	if (held_thread_is_dead(held_thread_state(tgid, tid)))
		return;
	if (tracer == herd->monitor)
		stand = STAND_REDIRECTED;
	else if (tracer == 0)
		stand = STAND_HIDDEN;
	if (!thread) {
		herd->found = true;
		thread = herd_add(herd, tid, tgid, stand);
	}
	if (!thread)
		return;
	thread->done = herd->scanned_done;
	held_thread_stand(thread, stand);
}

static void seize(struct herd *herd, pid_t tgid, pid_t tid)
{
	struct held_thread *thread = herd_find(herd, tid);

	if (thread && thread->stand < STAND_REDIRECTED) {
		/* It keeps its number as long as it is ours. */
		herd->scanned_supervised = true;
		return;
	}
	/* Each thread of a process has what the first one had. */
	herd->scanned_supervised = herd->scanned_supervised ||
				   tree_filters(tid) > herd->own_filters;
	if (!herd->scanned_supervised)
		return;
	if (ptrace(PTRACE_SEIZE, tid, 0, HELD_THREAD_OPTIONS) < 0) {
		if (errno == EPERM)
			add_untraced(herd, tgid, tid);
		else
			herd->found = true; /* it has just gone */
		return;
	}
	herd->found = true;
	if (thread)
		held_thread_stand(thread, STAND_RUNS);
	else
		thread = herd_add(herd, tid, tgid, STAND_RUNS);
	if (thread)
		thread->done = herd->scanned_done;
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
}

static void seize_threads(pid_t pid, void *userdata)
{
	struct herd *herd = userdata;
	char path[64];
	struct dirent *entry;
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	if (!threads)
		return;
	herd->scanned_supervised = false;
	herd->scanned_done = confinement_is_recalled(pid);
	while ((entry = readdir(threads)))
		if (atoi(entry->d_name) > 0)
			seize(herd, pid, (pid_t)atoi(entry->d_name));
	closedir(threads);
}

/* One that may be gone in a moment: seized first, and then looked at. */
static bool snatch(struct herd *herd, pid_t pid)
{
	struct held_thread *thread;

	if (herd_find(herd, pid) ||
	    ptrace(PTRACE_SEIZE, pid, 0, HELD_THREAD_OPTIONS) < 0)
		return false;
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	thread = herd_add(herd, pid, pid, STAND_RUNS);
	/* One that is not supervised is let go with the others. */
	if (thread)
		thread->done = tree_filters(pid) <= herd->own_filters ||
			       confinement_is_recalled(pid);
	return true;
}

/*
 * A process that forks and ends, again and again, is gone before a look at the
 * whole table comes to it. But its orphans become our children, the youngest
 * last (where the kernel tells: CONFIG_PROC_CHILDREN).
 */
static void chase(struct herd *herd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
		 (int)herd->monitor, (int)herd->monitor);
	for (int idle = 0; idle < CHASE_IDLE;) {
		_cleanup_status_ struct status children;
		bool caught = false;
		char *at;

		if (status_read_file(&children, path))
			return;
		for (int i = 0; i < CHASE_LAST; i++) {
			size_t length = strlen(children.text);

			while (length && children.text[length - 1] == ' ')
				children.text[--length] = '\0';
			at = strrchr(children.text, ' ');
			at = at ? at + 1 : children.text;
			if (!*at)
				break;
			caught |= snatch(herd, (pid_t)atoi(at));
			*at = '\0';
		}
		idle = caught ? 0 : idle + 1;
	}
}

static void kill_uncaught(pid_t pid, void *userdata)
{
	const struct herd *herd = userdata;
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd >= 0 && !herd_find(herd, pid) &&
	    tree_supervised(pid, herd->monitor) &&
	    !confinement_is_recalled(pid))
		syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

void seizure_round(struct herd *herd)
{
	herd->found = false;
	chase(herd);
	tree_each(herd->monitor, seize_threads, herd);
}

void seizure_kill_rest(struct herd *herd)
{
	tree_each(herd->monitor, kill_uncaught, herd);
}
