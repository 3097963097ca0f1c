/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Supervisors of the kernel's Landlock: their system calls, on a kernel with
 * the series in kernel/. What events say is in <linux/landlock.h>.
 *
 *	supervisor = landlock_supervisor_new(&attr);
 *	supervisee = landlock_supervisee_new(supervisor, 1);
 *	fork(2)		the child: landlock_enter(supervisee), and executes
 *	events = landlock_events_open(supervisor);
 *	landlock_event_receive(events, buffer, size);
 *	landlock_stage_beneath(supervisor, directory, fs);
 *	landlock_rules_commit(supervisor);	all that is staged, at once
 *	landlock_event_answer(events, cookie, LANDLOCK_ANSWER_ALLOW);
 */
#pragma once

#include "base/landlock.h"

/*
 * Whether the running kernel has supervisors; makes one to see. Returns: 0, or
 * a negative errno.
 */
int landlock_supervisor_probe(void);

/*
 * Makes a supervisor, which this process and others in the same domain can use,
 * but none in a domain below.
 * @attr: the rights that are asked about, of all that it supervises
 * Returns: a descriptor (O_CLOEXEC), or a negative errno.
 */
int landlock_supervisor_new(const struct landlock_ruleset_attr *attr);

/*
 * Makes a ruleset for landlock_enter(), which can be entered once. The domain
 * ends when its last process is reaped and this descriptor is closed.
 * @cookie: what events call the domain
 * Returns: a descriptor (O_CLOEXEC), or a negative errno.
 */
int landlock_supervisee_new(int supervisor, uint64_t cookie);

/*
 * Stages a rule: see landlock_allow_beneath() and landlock_allow_port().
 * Returns: 0 or a negative errno.
 */
int landlock_stage_beneath(int supervisor, int parent, uint64_t fs);
int landlock_stage_port(int supervisor, uint64_t port, uint64_t net);

/* Puts into force what is staged, all of it at once. Returns: 0 or -errno. */
int landlock_rules_commit(int supervisor);

/* Stages nothing any more; what is in force stays. Returns: 0 or -errno. */
int landlock_rules_clear(int supervisor);

/*
 * Opens the events of a supervisor; this can be done once. From now on a thread
 * that is denied waits for an answer, until the last copy of the descriptor is
 * closed.
 * Returns: a descriptor (O_CLOEXEC, O_NONBLOCK), or a negative errno.
 */
int landlock_events_open(int supervisor);

/*
 * Takes the oldest event, with descriptors that are the caller's from then on.
 * @buffer: aligned to 8 bytes; struct landlock_event, and records
 * Returns: 0; -EAGAIN: there is none; -EPIPE: nor will there be; -EMSGSIZE, ...
 */
int landlock_event_receive(int events, void *buffer, uint32_t size);

/* Returns: 0; -ENOENT: nobody waits for it any more; ... */
int landlock_event_answer(int events, uint64_t cookie,
			  enum landlock_answer answer);
