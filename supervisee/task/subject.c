/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who asks: see subject.h. */
#include "task/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "task/tree.h"

static char *read_exe(pid_t pid)
{
	char link[64], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	length = readlink(link, path, sizeof(path) - 1);
	return strndup(path, length < 0 ? 0 : (size_t)length);
}

static char *read_comm(pid_t tid)
{
	char path[64], name[64];
	_cleanup_fd_ int fd = -1;
	ssize_t length = 0;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		length = read(fd, name, sizeof(name));
	if (length > 0 && name[length - 1] == '\n')
		length--;
	return strndup(name, length < 0 ? 0 : (size_t)length);
}

static uid_t read_uid(pid_t tid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d", (int)tid);
	return stat(path, &st) < 0 ? (uid_t)-1 : st.st_uid;
}

/* The leader of the program's session (run/session.h) is none of its. */
static bool is_leader(pid_t pid, pid_t monitor)
{
	return tree_parent(pid) == monitor &&
	       tree_filters(pid) == tree_filters(monitor) &&
	       tree_supervises(pid, pid);
}

/* Those of the tree: the chain ends before the supervisor itself. */
static int read_ancestors(struct subject *subject, pid_t monitor)
{
	pid_t pid = tree_parent(subject->pid);

	while (pid > 0 && pid != monitor && !is_leader(pid, monitor) &&
	       subject->ancestors_count < REQUEST_ANCESTORS_MAX) {
		struct ancestor *ancestor =
			&subject->ancestors[subject->ancestors_count++];

		ancestor->pid = pid;
		ancestor->exe = read_exe(pid);
		if (!ancestor->exe)
			return -ENOMEM;
		pid = tree_parent(pid);
	}
	return 0;
}

int subject_read(struct subject *ret, pid_t tid, pid_t monitor)
{
	const pid_t pid = tree_tgid(tid);

	*ret = (struct subject){.tid = tid, .pid = pid > 0 ? pid : tid};
	ret->pid_start = tree_start(ret->pid);
	ret->uid = read_uid(tid);
	ret->exe = read_exe(tid);
	ret->comm = read_comm(tid);
	if (!ret->exe || !ret->comm)
		return -ENOMEM;
	return read_ancestors(ret, monitor);
}
