/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree of processes, as proc(5) shows it at this moment.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/process_id.h"

/* The process of a thread. Returns: a pid, or a negative errno. */
pid_t tree_tgid(pid_t tid);

/* The number of a thread in its own pid namespace; 0 when it is gone. */
pid_t tree_number(pid_t tid);

/* The parent of a process. Returns: a pid (0 for none), or a negative errno. */
pid_t tree_parent(pid_t pid);

/* Start time of a process in clock ticks since boot; 0 when it is gone. */
uint64_t tree_start(pid_t pid);

/* The process of a thread; PROCESS_NONE when it is gone. */
struct process_id tree_process(pid_t tid);

/* The state of a thread, a letter of proc_pid_stat(5); 0 when it is gone. */
char tree_state(pid_t tid);

/* The process that a pidfd of ours refers to; 0 when it is none. */
pid_t tree_of_pidfd(int pidfd);

/* The process that traces a thread; 0: none. A negative errno. */
pid_t tree_tracer(pid_t tid);

/*
 * Whether nobody shares the thread's descriptors: its process has one thread.
 */
bool tree_is_alone(pid_t tid);

/* Whether a thread may have another descriptor (RLIMIT_NOFILE). */
bool tree_has_room(pid_t tid);

/* Whether a thread's descriptor is closed by execve(2). */
bool tree_closes_on_exec(pid_t tid, int fd);

/* How many seccomp filters a thread has; 0 when it is gone. */
int tree_filters(pid_t tid);

/*
 * Whether a process is supervised by @monitor: descends from it, and is not one
 * of its helpers, which the filter does not hold.
 */
bool tree_supervised(pid_t pid, pid_t monitor);

/*
 * The process (or the thread of @tgid, when that is not 0) that a thread in
 * another pid namespace calls @number, if it is below @ancestor and in that
 * namespace itself. Returns: its number here, or -ESRCH.
 */
pid_t tree_translate(pid_t tid, pid_t number, pid_t tgid, pid_t ancestor);

/* Whether a process is @ancestor or descends from it. */
bool tree_descends(pid_t pid, pid_t ancestor);

/*
 * Whether a process is one of those that supervise a monitor's tree: the
 * monitor, or one above it that runs this program, such as its guardian.
 */
bool tree_supervises(pid_t pid, pid_t monitor);

/*
 * Calls back for every process below @ancestor, in no order.
 * Returns: how many there were.
 */
unsigned int tree_each(pid_t ancestor,
		       void (*callback)(pid_t pid, void *userdata),
		       void *userdata);

/* Calls back for every thread of a process, in no order. */
void tree_each_thread(pid_t tgid, void (*callback)(pid_t tid, void *userdata),
		      void *userdata);

/*
 * Kills every process below the caller, and reaps what becomes its child by
 * that, until none is left: one may fork while we look at another.
 */
void tree_kill(void);
