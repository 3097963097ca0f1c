/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where what a thread has is taken from: see thread_source.h. */
#include "task/thread_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "task/descriptor.h"
#include "task/status.h"

#define PATH_BYTES 64

int thread_source_copy(struct thread_source *source, pid_t tid, int fd)
{
	int pidfd;

	if (source->tid == tid) {
		const int copy = descriptor_copy_by(source->pidfd, fd);

		/* Else it is another one that has got the number by now. */
		if (copy != -ESRCH)
			return copy;
	}
	pidfd = descriptor_open_thread(tid);
	if (pidfd < 0)
		return pidfd;
	if (source->tid)
		fd_close(source->pidfd);
	source->tid = tid;
	source->pidfd = pidfd;
	return descriptor_copy_by(pidfd, fd);
}

/* Keeps the directory of a thread that is asked for again and again. */
static void keep_proc(struct thread_source *source, pid_t tid)
{
	char path[PATH_BYTES];
	int proc;

	if (source->last != tid) {
		source->last = tid;
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d", (int)tid);
	proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return;
	if (source->proc_tid)
		fd_close(source->proc);
	source->proc_tid = tid;
	source->proc = proc;
}

/* Whether there is a directory of a thread with this number: it may have been
 * another one, whose links lead nowhere. */
static bool has_proc(struct thread_source *source, pid_t tid)
{
	if (source && source->proc_tid != tid)
		keep_proc(source, tid);
	return source && source->proc_tid == tid;
}

static const char *path_of(char buffer[PATH_BYTES], pid_t tid, const char *name)
{
	snprintf(buffer, PATH_BYTES, "/proc/%d/%s", (int)tid, name);
	return buffer;
}

int thread_source_open(struct thread_source *source, pid_t tid,
		       const char *name)
{
	char path[PATH_BYTES];
	int fd = -1;

	if (has_proc(source, tid))
		fd = openat(source->proc, name, O_PATH | O_CLOEXEC);
	if (fd < 0)
		fd = open(path_of(path, tid, name), O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

ssize_t thread_source_link(struct thread_source *source, pid_t tid,
			   const char *name, char *ret, size_t size)
{
	char path[PATH_BYTES];
	ssize_t length = -1;

	if (has_proc(source, tid))
		length = readlinkat(source->proc, name, ret, size);
	if (length < 0)
		length = readlink(path_of(path, tid, name), ret, size);
	return length < 0 ? -errno : length;
}

/* Keeps the file of a thread whose directory is kept. */
static void keep_status(struct thread_source *source, pid_t tid)
{
	const int fd = openat(source->proc, "status", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (source->status_tid)
		fd_close(source->status);
	source->status_tid = tid;
	source->status = fd;
}

int thread_source_status(struct thread_source *source, pid_t tid,
			 struct status *ret)
{
	if (has_proc(source, tid) && source->status_tid != tid)
		keep_status(source, tid);
	/* What is kept of a dead one cannot be read any more. */
	if (source->status_tid == tid && !status_read_fd(ret, source->status))
		return 0;
	return status_read(ret, tid);
}

void thread_source_close(struct thread_source *source)
{
	if (source->tid)
		fd_close(source->pidfd);
	if (source->proc_tid)
		fd_close(source->proc);
	if (source->status_tid)
		fd_close(source->status);
	*source = (struct thread_source){0};
}
