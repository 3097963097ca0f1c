/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One thread of a herd: where it stands, what its stops mean, and how it goes
 * on.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/queue.h>
#include <sys/types.h>

/* With which every thread of a herd is seized. */
#define HELD_THREAD_OPTIONS                                                 \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | \
	 PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL)

enum stand {
	STAND_RUNS,	  /* on its way to a stop, if the herd is held */
	STAND_STOPPED,	  /* in its own code, or on its way out of the kernel */
	STAND_ENTERING,	  /* at the entry of a system call */
	STAND_GROUP,	  /* stopped by a signal, with its whole process */
	STAND_AWAY,	  /* where nothing reaches it soon: in the kernel */
	STAND_REDIRECTED, /* steered (see exec_redirect.h), and so stopped as
			     well */
	STAND_FOREIGN,	  /* another traces it */
	STAND_HIDDEN,	  /* it keeps itself from being traced */
};

struct held_thread {
	LIST_ENTRY(held_thread) link;
	/* Its own while it is seized; of others it is looked at again before
	 * anything is done to them. */
	pid_t tid, tgid;
	enum stand stand;
	bool done;     /* its process is marked, or it was handled alone */
	bool driven;   /* goes back to the call that was interrupted for us */
	bool apart;    /* of a process whose threads have different filters */
	bool killed;   /* and so is its process */
	int signal;    /* to be handed on when it goes on; 0: none */
	int64_t since; /* in milliseconds, of its stand */
};

/* Takes it out of its list, and frees it. */
void held_thread_forget(struct held_thread *thread);

void held_thread_stand(struct held_thread *thread, enum stand stand);

/* The character of proc_pid_stat(5); 0 when it is gone. */
char held_thread_state(pid_t tgid, pid_t tid);

/* Whether that is the state of a thread that has ended. */
bool held_thread_is_dead(char state);

/* Takes in what waitpid(2) has said; one that is on its way goes on. */
void held_thread_stopped(struct held_thread *thread, int status);

/*
 * Looks whether it has stopped. One that has ended is forgotten, and its end
 * left to whoever waits for it. Returns: whether it has done either.
 */
bool held_thread_poll(struct held_thread *thread);

/*
 * Lets one that is stopped go on as far as its next system call, or stay
 * stopped with its process; @for_good: lets go of it, and forgets it.
 */
void held_thread_release(struct held_thread *thread, bool for_good);
