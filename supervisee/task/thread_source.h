/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where what a supervised thread has is taken from: its descriptors, and its
 * links in proc(5). The last thread often is the next one, too, and by what is
 * kept of it fewer and shorter calls do. What is kept is good for that thread
 * alone: whoever has its number afterwards is looked for anew.
 *
 * Zero it to start. It is for one thread of ours.
 */
#pragma once

#include <sys/types.h>

struct status;

struct thread_source {
	pid_t tid, proc_tid; /* that the two are of; 0: none */
	int pidfd;	     /* owned */
	int proc;	     /* its directory in proc(5); owned */
	pid_t status_tid;    /* that the next is of; 0: none */
	int status;	     /* its file in that directory; owned */
	pid_t last;	     /* whose links were asked for last */
};

/* As descriptor_copy(). */
int thread_source_copy(struct thread_source *source, pid_t tid, int fd);

/*
 * Opens what a link of a thread leads to ("cwd", "root", "fd/N").
 * @source: NULL: none is kept
 * Returns: an O_PATH descriptor, or a negative errno.
 */
int thread_source_open(struct thread_source *source, pid_t tid,
		       const char *name);

/* Reads such a link. Returns: its length, or a negative errno. */
ssize_t thread_source_link(struct thread_source *source, pid_t tid,
			   const char *name, char *ret, size_t size);

/* As status_read(). */
int thread_source_status(struct thread_source *source, pid_t tid,
			 struct status *ret);

void thread_source_close(struct thread_source *source);
