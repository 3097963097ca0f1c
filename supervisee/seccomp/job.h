/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jobs: a notification with what the engine has to remember of it, from the
 * notification to its one end. How it gets there is in life.h.
 */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/process_id.h"
#include "engine/pending.h"
#include "operation/notif.h"
#include "task/confinement.h"
#include "task/identity.h"

struct seccomp;

/* See life.h. */
enum job_state {
	JOB_NEW,
	JOB_GATHERS,
	JOB_RESOLVES,
	JOB_JUDGED,
	JOB_PENDS,
	JOB_PERFORMS,
	JOB_ENDED,
};

struct job {
	struct pending pending; /* while it waits for an answer */
	struct seccomp *seccomp;
	enum job_state state;
	struct notif notif;
	bool own_identity;
	struct identity identity;
	struct process_id process;	      /* see job_process() */
	int rulesets[CONFINEMENT_LAYERS_MAX]; /* the target's own; borrowed */
	int races;
	unsigned int nests_gone; /* before the first of them was asked */
	/* A child of a worker's that acts for the target; 0: none. The kernel
	 * clears it when that ends. */
	pid_t acting;
	unsigned int nests;  /* nested supervisors that have agreed */
	bool nest_performs;  /* one of them allows beyond its static layer */
	bool remote;	     /* whatever is done with its objects may wait */
	bool own_terminal;   /* opens one whose other end the tree has */
	int64_t makes_since; /* when it began to make something; 0: nothing */
	bool handed_out;     /* of an execve: the kernel runs the file itself */
	int futile;	     /* of a remote one: the error it would come to */
	uint64_t missing;    /* a page of the target's that is not there */
	unsigned int fetches; /* that have been waited for */
	/* What comes after a step in a worker. */
	void (*then)(struct job *job, int result);
	/* What comes after it has been performed. */
	void (*performed)(struct job *job, int result);
};

/*
 * @call: the entry of its system call, which has an operation or confines
 * Returns: NULL without memory.
 */
struct job *job_new(struct seccomp *seccomp,
		    const struct seccomp_notif *received,
		    const struct call *call);

/* Forgets all that was found out, for it to begin anew. */
void job_renew(struct job *job);

/* Goes on to another state, which must be one that can follow. */
void job_enter(struct job *job, enum job_state state);

/* What the target's call comes to. */
enum end {
	END_NATIVE, /* the kernel makes it */
	END_ERROR,  /* it fails */
	END_VALUE,  /* it returns notif->value */
	END_FD,	    /* it returns notif->result_fd, under a number of its own */
	END_REPLACED,  /* notif->result_fd replaces its argument 0; the kernel
			* makes it */
	END_CONNECTED, /* the same, and it returns 0 */
	END_GONE,      /* nobody waits for it any more */
};

/*
 * Ends a job: the only place that answers the kernel for one. It is gone
 * afterwards.
 * @error: for END_ERROR
 */
void job_end(struct job *job, enum end end, int error);

/*
 * Ends a call that fails before anything is decided: where the kernel would
 * check every right again, it may find the error itself, in all detail.
 */
void job_end_early(struct job *job, int error);

/* Keeps a job among those that wait for an answer, until pending_remove(). */
void job_pend(struct job *job);

/*
 * Sends the target, and nobody who has its number since, the signal that comes
 * with the outcome of its call.
 */
void job_raise(const struct job *job);

/* Whether nobody waits for it any more. */
bool job_unwanted(const struct job *job);

/* The target's process, found out when it is asked for. */
struct process_id job_process(struct job *job);

/*
 * Learns who the target is, where it may be somebody else than the monitor.
 * Returns: 0 or a negative errno.
 */
int job_identify(struct job *job);

/*
 * Runs a step, whose argument is the job, in a worker, where it may wait.
 * @then: called in the loop with what it returned; not for an error here
 * Returns: 0 or a negative errno.
 */
int job_wait(struct job *job, int (*step)(void *job),
	     void (*then)(struct job *job, int result));

/*
 * Has what is missing of the target's memory come, in a worker, where that
 * keeps nobody else waiting. Returns: 0, or -EFAULT where that leads to
 * nothing.
 */
int job_fetch(struct job *job, void (*then)(struct job *job, int result));

/* Runs a step as the target. Returns: what it returns, or a negative errno. */
int job_as_target(struct job *job, int (*step)(void *job));
