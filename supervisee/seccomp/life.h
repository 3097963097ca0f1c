/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a job, from the notification to its one end (see job.h):
 *
 *	gathers	  what the arguments point to is read, once
 *	resolves  objects are pinned, and what is needed of them is named
 *	judged	  the nested supervisors that it comes from agree; the rules
 *		  allow it, deny it, or leave it to be asked
 *	pends	  the decider, or a nested supervisor, has been asked
 *	performs  the monitor does it, in the target's place
 *
 * A step that may have to wait runs in a worker, and the job goes on from
 * there. Names that change meanwhile lead back to "resolves", a few times. Each
 * of these functions may end the job: it is gone when they return.
 */
#pragma once

#include "core/decider.h"
#include "seccomp/action.h"

struct job;

/* Begins with what is gathered. */
void life_begin(struct job *job);

/* Goes on with the decider's answer; the job pends no more. */
void life_answered(struct job *job, enum answer answer);

/* Goes on with what a nested supervisor says; it pends until then. */
void life_nest_answered(struct job *job, enum action action, int error);
