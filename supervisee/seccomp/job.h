/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jobs: a trap with what the engine has to remember of it, from the
 * notification to its one end.
 */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/pending.h"
#include "operation/trap.h"
#include "task/confinement.h"
#include "task/identity.h"

struct seccomp;

/* A trap with what the engine has to remember of it. */
struct job {
	struct pending pending; /* while it waits for an answer */
	struct seccomp *seccomp;
	struct trap trap;
	bool own_identity;
	struct identity identity;
	int rulesets[CONFINEMENT_LAYERS_MAX]; /* the asker's own; borrowed */
	int races;
	unsigned int nests_gone; /* before the first of them was asked */
	pid_t acting;		 /* for its asker, in a worker; 0: nobody */
	unsigned int nests;	 /* nested supervisors that have agreed */
	bool nest_performs;   /* one of them allows beyond its static layer */
	bool remote;	      /* whatever is done with its objects may wait */
	int futile;	      /* of a remote one: the error it would come to */
	uint64_t missing;     /* a page of the asker's that is not there */
	unsigned int fetches; /* that have been waited for */
	/* What comes after a step in a worker. */
	void (*then)(struct job *job, int result);
};

struct job *job_new(struct seccomp *seccomp, const struct seccomp_notif *notif);

/* Forgets a job that nobody waits for any more. */
void job_drop(struct job *job);

/* The ways in which a job ends; it is gone afterwards. */
void job_end_native(struct job *job);
void job_end_error(struct job *job, int error);
void job_end_value(struct job *job);
void job_end_fd(struct job *job);

/* Puts a descriptor in the place of the one the call is about, and lets the
 * kernel run it. */
void job_end_replaced(struct job *job);

/*
 * Sends the asker, and nobody who has its number since, the signal that comes
 * with the outcome of its call.
 */
void job_raise(const struct job *job);

/*
 * A call that fails before anything is decided: where the kernel would check
 * every right again, it may find the error itself, in all detail.
 */
void job_end_failed(struct job *job, int error);

/* Whether nobody waits for it any more. */
bool job_unwanted(const struct job *job);

/*
 * Learns who the asker is, where it may be somebody else than the monitor.
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
 * Has what is missing of the asker's memory come, in a worker, where that keeps
 * nobody else waiting. Returns: 0, or -EFAULT where that leads to nothing.
 */
int job_fetch(struct job *job, void (*then)(struct job *job, int result));

/* Runs a step as the asker. Returns: what it returns, or a negative errno. */
int job_as_asker(struct job *job, int (*step)(void *job));
