/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The course of a job: its objects are pinned, the nested supervisors it comes
 * from agree, the rules judge it, and it is performed, asked about or ends.
 * Where it has to wait, it goes on from one of these.
 */
#pragma once

#include <stdbool.h>

#include "seccomp/action.h"

struct job;

/* Pins what a job is about, and goes on from there. */
void course_begin(struct job *job);

/*
 * Goes on with a job whose objects are pinned.
 * @final: it was asked about already; what is not allowed now is denied
 */
void course_judge(struct job *job, bool final);

/* Goes on with what perform_job() came to. */
void course_performed(struct job *job, int result);

/* Goes on with what a nested supervisor says; see nests_new(). */
void course_nest_answered(void *argument, enum action action, int error);
