/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The herd: every thread of a tree, held by ptrace(2) all at the same time.
 *
 * While they are held no instruction of the program runs: no memory is written,
 * and no thread is created. Every thread that is found is seized; a thread that a
 * seized one creates is seized from its first instruction on; and the tree is
 * searched again until all of it is stopped and two searches found nothing new.
 *
 * Some cannot be stopped, and need not be: a thread that waits in the kernel for
 * something that no signal ends (an answer of ours, the child of a vfork(2), a
 * dead disk) stays there, and stops before its next instruction. Such stragglers
 * are handled when they arrive, and so are threads that get no processor to stop
 * on, and those that were caught in their own code, between two system calls:
 * they run on as far as the next one. No process is killed for being slow; only
 * those that keep forking faster than we can look are, after seconds of work.
 *
 * A process carries the mark of what has been done to it: a limit that means
 * nothing, is inherited, and that no program can set (see confinement.h).
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "seccomp/recall/held_thread.h"

struct herd;

/* @monitor: whose descendants the tree is. Returns: 0 or a negative errno. */
int herd_new(struct herd **ret, pid_t monitor);

/* Takes NULL. */
struct herd *herd_free(struct herd *herd);

/*
 * Holds every thread. Processes that appear faster than we can look, or that
 * another traces for too long, are killed. Returns: 0; -EAGAIN while another
 * traces one, and may detach soon: release the herd and come back.
 */
int herd_hold(struct herd *herd);

/*
 * Lets all threads go on: those that are done for good, the others as far as the
 * entry of their next system call.
 */
void herd_release(struct herd *herd);

/* Calls back for every thread that is known, in no order. */
void herd_each(struct herd *herd,
	       void (*callback)(struct held_thread *thread, void *userdata),
	       void *userdata);

/* How many threads are known that are not done. */
unsigned int herd_left(const struct herd *herd);

/* Kills a thread's process, and says why, once. */
void herd_kill(struct herd *herd, struct held_thread *thread, const char *why);

/* Marks a process as done, and with it all that descends from it. */
void herd_mark(struct herd *herd, pid_t tgid);

/* Whether a process of the tree carries no mark. */
bool herd_has_unmarked(struct herd *herd);

/*
 * Handles what waitpid(2) said of a thread while the herd is not held.
 * @ret_ready: whether a straggler stands at the entry of a system call now
 * Returns: whether that was for the herd.
 */
bool herd_handle(struct herd *herd, pid_t tid, int status, bool *ret_ready);

/*
 * Takes over a thread that stops for somebody else of this process, instead of
 * letting it go. Returns: whether it did.
 */
bool herd_adopt(struct herd *herd, pid_t tid);
