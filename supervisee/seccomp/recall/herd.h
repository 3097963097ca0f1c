/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The herd: every thread of a tree, held by ptrace(2) all at the same time.
 *
 * While they are held no instruction of the program runs: nobody writes to
 * anybody's memory, and nobody is born. Whoever is found is seized; what a
 * seized thread makes is seized from its first instruction; and everybody is
 * looked for again until all stand still and nobody new was found, twice.
 *
 * Some cannot be stopped, and need not be: who waits in the kernel for
 * something that no signal ends (an answer of ours, the child of a vfork(2), a
 * dead disk) stays there, and stops before its next instruction. Such a
 * straggler comes later, and so does one that gets no processor to stop on, and
 * one that was caught in its own code, between two system calls: it is let go
 * on as far as the next one. How long all that takes kills nobody, only who is
 * born again and again without having been seen, while we have worked for
 * seconds.
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
 * Holds everybody. Who comes up faster than we can look, or is traced by
 * another for too long, is killed. Returns: 0; -EAGAIN when somebody is traced
 * by another, who may let go soon: release the herd and come back.
 */
int herd_hold(struct herd *herd);

/*
 * Lets everybody go on: who is done for good, the others as far as the entry of
 * their next system call.
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

/* Marks a process as done, and with it all who are born of it. */
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
